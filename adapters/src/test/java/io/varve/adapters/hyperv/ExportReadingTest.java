package io.varve.adapters.hyperv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.contract.Program;
import io.varve.adapters.hyperv.cim.Cim;
import io.varve.adapters.hyperv.cim.CimFields;
import io.varve.adapters.hyperv.cim.CimObject;
import io.varve.adapters.hyperv.cim.CimPath;
import io.varve.adapters.hyperv.standin.StandInDisk;
import io.varve.adapters.hyperv.standin.StandInHost;
import io.varve.engine.Cancellation;
import io.varve.engine.backup.BackupJob;
import io.varve.engine.backup.BackupOptions;
import io.varve.engine.backup.Backups;
import io.varve.engine.port.Checkpoint;
import io.varve.engine.port.CheckpointSource;
import io.varve.engine.port.Previous;
import io.varve.engine.port.SourceException;
import io.varve.engine.source.Steps;
import io.varve.store.Repository;
import io.varve.store.check.FsckOptions;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nights by exports to a share of the stand-in host. */
class ExportReadingTest {
    @TempDir
    private Path temp;

    private final SplittableRandom random = new SplittableRandom(11);
    private HyperVMachine machine;
    private Repository repository;

    @BeforeEach
    void start() throws IOException {
        machine = new HyperVMachine(temp);
        repository = Backups.init(temp.resolve("repository"));
    }

    @AfterEach
    void stop() throws IOException {
        assertEquals(List.of(), Backups.fsck(repository, FsckOptions.Level.DEEP).findings());
        repository.close();
        machine.server().close();
        assertEquals(List.of(), machine.host.violations());
        assertEquals(List.of(), exported(), "exported files are left");
    }

    private List<Path> exported() throws IOException {
        try (Stream<Path> left = Files.list(machine.host.share())) {
            return left.toList();
        }
    }

    private Snapshot night() throws IOException {
        return night(source -> source);
    }

    private interface Between {
        CheckpointSource wrap(CheckpointSource source);
    }

    private Snapshot night(Between between) throws IOException {
        machine.write(random);
        machine.warnings.clear();
        List<byte[]> frozen =
                machine.machine.disks().stream().map(StandInDisk::content).toList();
        try (HyperV hyperV = machine.connect(Optional.empty());
                WriteSession session = WriteSession.open(repository, "test", Duration.ZERO, message -> {})) {
            CheckpointSource source = between.wrap(machine.source(
                    hyperV, Consistency.PREFER, machine.exporting(hyperV, repository, StandInHost.SHARE)));
            BackupOptions options = new BackupOptions(1, 16 << 10, -1, 1);
            Snapshot snapshot = new BackupJob(session, options, new Backups.Log(), new Cancellation(), "test")
                    .run("machine", source);
            for (DiskRecord disk : snapshot.manifest().disks()) {
                assertArrayEquals(frozen.get(disk.number() - 1), Backups.restore(repository, disk));
            }
            machine.assertNothingIsLeft(snapshot.manifest().sourceState());
            return snapshot;
        }
    }

    private static DiskRecord disk(Snapshot snapshot, int number) {
        return snapshot.manifest().disks().get(number);
    }

    @Test
    void theFirstExportIsFullAndTheNextOnesHoldWhatChanged() throws IOException {
        Snapshot first = night();
        assertEquals("full", disk(first, 0).mode());
        assertEquals(2, first.manifest().files().size());
        for (int i = 0; i < 3; i++) {
            Snapshot next = night();
            assertEquals("incremental", disk(next, 0).mode(), disk(next, 0).reason());
            assertEquals("vhdx-differencing", disk(next, 0).format());
            assertTrue(disk(next, 0).counters().read() <= 2 * 65536 + 4096, "read too much");
        }
        assertEquals(List.of(), machine.warnings);
    }

    @Test
    void nothingCountsAsAudited() throws IOException {
        night();
        Snapshot second = night();
        assertEquals(0, disk(second, 0).audit().map(audit -> audit.done()).orElse(0));
    }

    @Test
    void anExportThatLacksAChangeIsReplacedByAFullOne() throws IOException {
        night();
        machine.host.faults().omitFromExport(true);
        Snapshot night = night();
        assertEquals("export-incomplete", disk(night, 0).reasonCode());
        assertTrue(machine.warnings.toString().contains("bytes that the host lists as changed"));
        machine.host.faults().omitFromExport(false);
        assertEquals("incremental", disk(night(), 0).mode());
    }

    @Test
    void anAddedDiskOrLostTrackingMakesTheExportFull() throws IOException {
        night();
        machine.machine.addDisk(1 << 20);
        assertEquals("full", disk(night(), 1).mode());
        assertEquals("incremental", disk(night(), 1).mode());
        machine.machine.disks().get(1).forget();
        Snapshot lost = night();
        assertEquals("rct-lost", disk(lost, 1).reasonCode());
        assertEquals("rct-lost", disk(lost, 0).reasonCode());
        assertEquals("incremental", disk(night(), 0).mode());
    }

    @Test
    void everySoOftenOneIsFull() throws IOException {
        night();
        for (int i = 0; i < 3; i++) {
            assertEquals("incremental", disk(night(), 0).mode());
        }
        Snapshot due = night();
        assertEquals("export-full-due", disk(due, 0).reasonCode());
        assertEquals("full", disk(due, 0).mode(), "what was planned is no demotion");
        assertEquals("incremental", disk(night(), 0).mode());
    }

    /** What only a differential export needs must not cost the machine its backups. */
    @Test
    void aDifferentialExportThatFailsIsReplacedByAFullOne() throws IOException {
        night();
        machine.host.faults().failJob("ExportSystemDefinition", 0x80070070L, 1);
        Snapshot whole = night();
        assertEquals("export-failed", disk(whole, 0).reasonCode());
        assertTrue(
                disk(whole, 0).reason().contains("no space left"),
                disk(whole, 0).reason());
        assertEquals(List.of(), exported());
        assertEquals("incremental", disk(night(), 0).mode());
    }

    @Test
    void aFailedExportLeavesNothingAndCommitsNothing() throws IOException {
        night();
        machine.host.faults().failJob("ExportSystemDefinition", 0x80070070L, 2);
        SourceException failed = assertThrows(SourceException.class, this::night);
        assertTrue(failed.getMessage().contains("no space left"), failed.getMessage());
        assertEquals(List.of(), exported());
        assertEquals(
                "export-unfinished", disk(night(), 0).reasonCode(), "whatever it was, a full one does not need it");
        assertEquals("incremental", disk(night(), 0).mode());
    }

    @Test
    void whatACrashLeftIsRemovedByTheNextNight() throws IOException {
        night();
        Path left = machine.host.share().resolve("varve-export-x");
        Files.createDirectories(left.resolve("Virtual Hard Disks"));
        Files.writeString(left.resolve("Virtual Hard Disks").resolve("disk.vhdx"), "half");
        Path foreign = Files.createDirectory(machine.host.share().resolve("mine"));
        new Journal(machine.journal(), machine.machine.id()).writeExports(List.of(left.toString(), foreign.toString()));
        night();
        assertFalse(Files.exists(left));
        assertTrue(Files.exists(foreign));
        assertTrue(machine.warnings.toString().contains("left alone"), machine.warnings.toString());
        new Journal(machine.journal(), machine.machine.id()).writeExports(List.of());
        Files.delete(foreign);
    }

    /** The mount point of a share that is not mounted is an empty folder. */
    @Test
    void anExportOnAShareThatIsNotMountedIsNotForgotten() throws IOException {
        Journal journal = new Journal(machine.journal(), machine.machine.id());
        Path left = machine.host.share().resolve("varve-export-y");
        journal.writeExports(List.of(left.toString()));
        night();
        assertTrue(
                machine.warnings.toString().contains("check that its share is mounted"), machine.warnings.toString());
        assertEquals(List.of(left.toString()), journal.exports());
        Files.createFile(machine.host.share().resolve("varve-export-y.mark"));
        Files.createDirectory(left);
        night();
        assertEquals(List.of(), machine.warnings);
        assertEquals(List.of(), journal.exports());
    }

    /** A process that dies when it has looked at an export's job for the third time. */
    private static final class Dying implements Cim {
        private final Cim cim;
        private boolean exports;
        private int looks;

        Dying(Cim cim) {
            this.cim = cim;
        }

        @Override
        public String host() {
            return cim.host();
        }

        @Override
        public List<CimObject> query(String wql) throws IOException {
            return cim.query(wql);
        }

        @Override
        public Optional<CimObject> find(CimPath path) throws IOException {
            if (exports && ++looks == 3) {
                throw new Steps.Crash();
            }
            return cim.find(path);
        }

        @Override
        public CimFields invoke(CimPath object, String method, CimFields input) throws IOException {
            exports |= method.startsWith("Export");
            return cim.invoke(object, method, input);
        }

        @Override
        public void close() throws IOException {
            cim.close();
        }
    }

    @Test
    void anExportThatStillRunsAfterACrashIsStopped() throws IOException {
        machine.host.faults().hang("ExportSystemDefinition", 1);
        try (HyperV dying = new HyperV(new Dying(machine.host.cim()), Duration.ofMillis(1))) {
            CheckpointSource source =
                    machine.source(dying, Consistency.PREFER, machine.exporting(dying, repository, StandInHost.SHARE));
            assertThrows(Steps.Crash.class, () -> source.take(new Previous(List.of())));
        }
        assertFalse(machine.host.calls().contains("Msvm_ConcreteJob.RequestStateChange"));
        assertFalse(exported().isEmpty());
        night();
        assertTrue(machine.host.calls().contains("Msvm_ConcreteJob.RequestStateChange"));
        assertEquals(
                Optional.empty(),
                new Journal(machine.journal(), machine.machine.id()).exportJob().read());
    }

    @Test
    void qemuReadsTheSameFromTheFrozenFiles() throws IOException {
        Assumptions.assumeTrue(
                System.getenv("CI") != null
                        || Program.run("qemu-img", "--version").exitCode() == 0,
                "skipped: qemu-img is not installed");
        night();
        Path raw = temp.resolve("frozen.raw");
        Snapshot night = night(source -> previous -> {
            Checkpoint checkpoint = source.take(previous);
            Path frozen = machine.machine.disks().get(0).files().get(1);
            Program.Result converted =
                    Program.run("qemu-img", "convert", "-f", "vhdx", "-O", "raw", frozen.toString(), raw.toString());
            assertEquals(0, converted.exitCode(), converted.output());
            return checkpoint;
        });
        assertEquals("incremental", disk(night, 0).mode());
        assertArrayEquals(Files.readAllBytes(raw), Backups.restore(repository, disk(night, 0)));
    }
}
