package io.varve.adapters.hyperv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.hyperv.standin.StandInDisk;
import io.varve.adapters.hyperv.standin.StandInHost;
import io.varve.adapters.virtdisk.StandIn;
import io.varve.adapters.virtdisk.Virtdisk;
import io.varve.adapters.windows.Patience;
import io.varve.engine.Cancellation;
import io.varve.engine.backup.BackupJob;
import io.varve.engine.backup.BackupOptions;
import io.varve.engine.backup.Backups;
import io.varve.engine.port.Checkpoint;
import io.varve.engine.port.Previous;
import io.varve.store.Repository;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the host: checkpoints by WMI, change lists from the stand-in of virtdisk.dll. */
class LocalReadingTest {
    @TempDir
    private Path temp;

    @Test
    void theListOfVirtdiskIsAskedByTheIdOfTheReferencePoint() throws IOException {
        StandIn standIn = StandIn.build(temp);
        HyperVMachine machine = new HyperVMachine(temp);
        StandInDisk disk = machine.machine.disks().get(0);
        Path file = disk.files().get(0);
        try (Repository repository = Backups.init(temp.resolve("repository"));
                HyperV hyperV = machine.connect(Optional.empty())) {
            HostPaths paths =
                    HostPaths.mounted(List.of(new HostPaths.Mount(StandInHost.DRIVE, machine.host.folderHere())));
            HyperVWords words = new HyperVWords(notice -> {}, (code, text) -> machine.warnings.add(text), step -> {});
            DiskReading reading = new LocalReading(hyperV, paths, standIn.virtdisk(), words);
            HyperVSource source = machine.source(hyperV, Consistency.PREFER, reading);
            String size = "size " + disk.content().length;
            String id = "id " + StandIn.hex(disk.id());
            Path raw = temp.resolve("content.raw");
            String content = "content " + Files.write(raw, disk.content());
            StandIn.describe(file, size, id, "recent none", content);
            Snapshot first = night(repository, source);
            String token = first.manifest().disks().get(0).changeToken().orElseThrow();

            byte[] written = new byte[4096];
            written[7] = 7;
            disk.write(64 << 10, written);
            Files.write(raw, disk.content());
            StandIn.describe(file, size, id, "recent none", content, "since " + token, "range 65536 4096");
            Snapshot second = night(repository, source);

            DiskRecord record = second.manifest().disks().get(0);
            assertEquals("incremental", record.mode(), record.reason());
            assertArrayEquals(disk.content(), Backups.restore(repository, record));
            assertEquals(0, standIn.open());
            assertEquals(0, standIn.attached());
        } finally {
            machine.server().close();
        }
    }

    /** Its machine fails with the reason, and nothing of the night stays at the host; the next one is as ever. */
    @Test
    void aDiskThatWindowsDoesNotOpenInTimeFailsItsMachine() throws IOException {
        StandIn standIn = StandIn.build(temp);
        Virtdisk impatient = standIn.virtdisk(new Patience(3000, new Cancellation()));
        HyperVMachine machine = new HyperVMachine(temp);
        StandInDisk disk = machine.machine.disks().get(0);
        Path file = disk.files().get(0);
        Path over = temp.resolve("over");
        try (Repository repository = Backups.init(temp.resolve("repository"));
                HyperV hyperV = machine.connect(Optional.empty())) {
            HostPaths paths =
                    HostPaths.mounted(List.of(new HostPaths.Mount(StandInHost.DRIVE, machine.host.folderHere())));
            HyperVWords words = new HyperVWords(notice -> {}, (code, text) -> machine.warnings.add(text), step -> {});
            HyperVSource source =
                    machine.source(hyperV, Consistency.PREFER, new LocalReading(hyperV, paths, impatient, words));
            StandIn.describe(
                    file,
                    "size " + disk.content().length,
                    "id " + StandIn.hex(disk.id()),
                    "content " + Files.write(temp.resolve("content.raw"), disk.content()),
                    "hang open " + over);
            List<String> before = machine.host.objects(machine.machine);
            IOException e = assertThrows(IOException.class, () -> night(repository, source));
            assertTrue(e.getMessage().contains("Windows has not answered for"), e.getMessage());
            assertEquals(before, machine.host.objects(machine.machine));
            Files.writeString(over, "");
            Snapshot snapshot = night(repository, source);
            assertArrayEquals(
                    disk.content(),
                    Backups.restore(repository, snapshot.manifest().disks().get(0)));
        } finally {
            machine.server().close();
        }
    }

    private static Snapshot night(Repository repository, HyperVSource source) throws IOException {
        try (WriteSession session = WriteSession.open(repository, "test", Duration.ZERO, message -> {})) {
            return new BackupJob(
                            session,
                            new BackupOptions(1, 16 << 10, 0, 1),
                            new Backups.Log(),
                            new Cancellation(),
                            "test")
                    .run("machine", source);
        }
    }

    @Test
    void aRunningBackupIsNoLeftover() throws IOException {
        HyperVMachine machine = new HyperVMachine(temp);
        try (HyperV hyperV = machine.connect(Optional.empty())) {
            try (Checkpoint running = machine.source(hyperV, Consistency.PREFER).take(Previous.NONE)) {
                List<String> objects = machine.host.objects(machine.machine);
                IOException refused = assertThrows(
                        IOException.class,
                        () -> machine.source(hyperV, Consistency.PREFER).take(Previous.NONE));
                assertTrue(refused.getMessage().contains("another backup of this machine"), refused.getMessage());
                assertEquals(objects, machine.host.objects(machine.machine));
                assertEquals(1, running.disks().size());
            }
            machine.source(hyperV, Consistency.PREFER).take(Previous.NONE).close();
        } finally {
            machine.server().close();
        }
    }
}
