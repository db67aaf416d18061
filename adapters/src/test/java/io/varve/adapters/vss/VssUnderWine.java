package io.varve.adapters.vss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.file.LocalFile;
import io.varve.adapters.file.Reader;
import io.varve.adapters.vhdx.read.VhdxChain;
import io.varve.adapters.vhdx.write.NewParent;
import io.varve.adapters.vhdx.write.NewVhdx;
import io.varve.adapters.vhdx.write.VhdxDifferenceTarget;
import io.varve.adapters.vhdx.write.VhdxTarget;
import io.varve.adapters.vss.message.Reply;
import io.varve.engine.port.Checkpoint;
import io.varve.engine.port.CheckpointDisk;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.DiskTarget;
import io.varve.engine.port.Previous;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Host VSS against the stand-in; {@code -Pwindows-it} runs it under wine. */
class VssUnderWine {
    private static final int SIZE = 3 << 20;
    private static final String ONLINE = "Backup Using Child Partition Snapshot";
    private static final List<String> FREEZING = List.of(
            "Create",
            "InitializeForBackup",
            "SetContext",
            "SetBackupState",
            "EnableWriterClasses",
            "GatherWriterMetadata",
            "FreeWriterMetadata",
            "AddComponent",
            "StartSnapshotSet",
            "IsVolumeSupported",
            "AddToSnapshotSet",
            "PrepareForBackup",
            "GatherWriterStatus",
            "FreeWriterStatus",
            "DoSnapshotSet",
            "GatherWriterStatus",
            "FreeWriterStatus",
            "GetSnapshotProperties");

    @TempDir
    private Path temp;

    private VssHost host;
    private Path disks;
    private Path checkpoints;
    private byte[] content;

    /** A machine with a disk of two files, in two folders, and a configuration. */
    @BeforeEach
    void machine() throws IOException {
        Path volume = Files.createDirectories(temp.toRealPath().resolve("volume"));
        disks = Files.createDirectories(volume.resolve("vm").resolve("disks"));
        checkpoints = Files.createDirectories(volume.resolve("vm").resolve("checkpoints"));
        content = new byte[SIZE];
        new SplittableRandom(20).nextBytes(content);
        Path base = disks.resolve("system.vhdx");
        try (DiskTarget target = VhdxTarget.create(base, NewVhdx.ofSize(SIZE), false)) {
            target.write(0, ByteBuffer.wrap(content));
            target.commit();
        }
        Path leaf = checkpoints.resolve("system_1.avhdx");
        try (VhdxChain parent = VhdxChain.open(new LocalFile(base, Reader.DIRECT), ParentSearch.sameFolder())) {
            NewVhdx shape = NewVhdx.ofSize(SIZE)
                    .asChildOf(NewParent.at(base, leaf, parent.dataWriteGuids().get(0)));
            try (DiskTarget target = VhdxDifferenceTarget.create(leaf, shape, false)) {
                byte[] news = "news".repeat(1024).getBytes(StandardCharsets.US_ASCII);
                System.arraycopy(news, 0, content, 1 << 20, news.length);
                target.write(1 << 20, ByteBuffer.wrap(news));
                target.commit();
            }
        }
        Files.writeString(disks.resolve("web1.vmcx"), "configuration");
        Files.writeString(disks.resolve("system.vhdx.rct"), "Windows' own");
        host = new VssHost(volume);
    }

    private void online() {
        host.web(ONLINE);
        host.file(disks, "*", false);
        host.file(checkpoints, "system_1.avhdx", false);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        host.assertNoShadowCopies();
    }

    private static byte[] read(DiskImage image) throws IOException {
        ByteBuffer all = ByteBuffer.allocate((int) image.size());
        image.read(0, all);
        return all.array();
    }

    private Checkpoint take() throws IOException {
        return host.source(false).take(Previous.NONE);
    }

    private String failure() {
        IOException e = assertThrows(IOException.class, () -> take().close());
        return e.getMessage();
    }

    @Test
    void aNight() throws Exception {
        online();
        try (Checkpoint checkpoint = take()) {
            assertEquals(1, host.shadowCopies());
            Files.write(checkpoints.resolve("system_1.avhdx"), new byte[100]); // the machine runs on
            Files.writeString(disks.resolve("web1.vmcx"), "changed");
            assertEquals("application", checkpoint.consistency());
            assertEquals(VssHost.WEB, checkpoint.machine().orElseThrow());
            assertEquals(1, checkpoint.disks().size());
            CheckpointDisk disk = checkpoint.disks().get(0);
            assertEquals("system", disk.name());
            assertArrayEquals(content, read(disk.image()));
            assertEquals("vhdx-differencing", disk.image().format());
            assertEquals(1, checkpoint.files().size(), "" + checkpoint.files());
            assertEquals("web1.vmcx", checkpoint.files().get(0).name());
            try (InputStream file = checkpoint.files().get(0).open()) {
                assertEquals("configuration", new String(file.readAllBytes(), StandardCharsets.US_ASCII));
            }
            disk.image().checkUnchanged();
            checkpoint.commit("a snapshot");
            assertEquals(0, host.shadowCopies());
        }
        List<String> calls = host.calls();
        assertEquals(FREEZING, calls.subList(0, FREEZING.size()));
        assertEquals(
                List.of(
                        "GetSnapshotProperties",
                        "SetBackupSucceeded",
                        "BackupComplete",
                        "GatherWriterStatus",
                        "FreeWriterStatus",
                        "DeleteSnapshots",
                        "Release"),
                calls.subList(FREEZING.size(), calls.size()));
        assertEquals(List.of(), host.notices);
    }

    @Test
    void aBackupThatFailedIsAbortedAndNotCompleted() throws Exception {
        online();
        take().close();
        List<String> calls = host.calls();
        assertEquals(List.of("AbortBackup", "Release"), calls.subList(FREEZING.size(), calls.size()));
    }

    @Test
    void machinesAreListedWithoutFreezing() throws Exception {
        online();
        UUID other = UUID.randomUUID();
        host.machine(other, "Backup Using Saved State\\db & co");
        host.source(false); // writes the script
        List<Reply.Machine> machines = VssSource.machines(host.words());
        assertEquals(
                List.of(VssHost.WEB, other),
                machines.stream().map(Reply.Machine::id).toList());
        assertEquals("db & co", machines.get(1).displayName());
        assertEquals(2, machines.get(0).files().size());
        assertEquals(0, host.count("StartSnapshotSet"));
        assertEquals(0, host.count("AbortBackup"));
        assertEquals(1, host.count("Release"));
    }

    @Test
    void aMachineIsInterruptedOnlyIfThatIsAllowed() throws Exception {
        host.web("Backup Using Saved State");
        host.file(disks, "*.vhdx", true);
        String refused = failure();
        assertTrue(refused.contains("would be interrupted"), refused);
        assertTrue(refused.contains("--allow-saved-state"), refused);
        assertEquals(0, host.count("StartSnapshotSet"));
        try (Checkpoint checkpoint = host.source(true).take(Previous.NONE)) {
            assertEquals("crash", checkpoint.consistency());
        }
    }

    @Test
    void aCaptionInAnotherLanguageIsNoPromise() throws Exception {
        host.web("Sicherung mit Kindpartitionssnapshot");
        host.file(disks, "*.vhdx", true);
        assertTrue(failure().contains("whether the machine would be interrupted is unknown"));
    }

    @Test
    void anUnknownMachineAndAHostWithoutHyperV() throws Exception {
        host.machine(UUID.randomUUID(), "Online\\other");
        assertTrue(failure().contains("has no machine " + VssHost.WEB));
        host.script("nowriter");
        assertTrue(failure().contains("no Hyper-V VSS writer"));
    }

    @Test
    void clusteredVolumesAndOtherComputersAreRefused() throws Exception {
        Path clustered = Files.createDirectories(temp.toRealPath().resolve("clustered"));
        host.volume("V2", clustered, clustered, "CSVFS");
        host.web(ONLINE);
        host.file(clustered, "disk.vhdx", false);
        assertTrue(failure().contains("clustered shared volume"));
        VssHost share = new VssHost(disks);
        share.web(ONLINE);
        share.script("file \\\\server\\share\\|disk.vhdx|0");
        IOException e = assertThrows(
                IOException.class, () -> share.source(false).take(Previous.NONE).close());
        assertTrue(e.getMessage().contains("on another computer"), e.getMessage());
    }

    @Test
    void aVolumeThatIsMountedTwiceIsAddedOnce() throws Exception {
        Path second = temp.toRealPath().resolve("second");
        host.volume("V1", second, host.volume);
        online();
        host.file(second.resolve("vm").resolve("disks"), "web1.vmcx", false);
        try (Checkpoint checkpoint = take()) {
            assertEquals(1, host.count("AddToSnapshotSet"));
            assertArrayEquals(content, read(checkpoint.disks().get(0).image()));
        }
    }

    @Test
    void whatOthersAreDoingIsWaitedFor() throws Exception {
        online();
        host.script("error StartSnapshotSet 80042316 2");
        take().close();
        assertEquals(3, host.count("StartSnapshotSet"));
        assertEquals(1, host.count("Create"));
    }

    @Test
    void whatMayPassIsTriedAgainWithANewSession() throws Exception {
        online();
        host.script("late DoSnapshotSet 800423f3 2");
        take().close();
        assertEquals(3, host.count("Create"));
        assertEquals(3, host.count("AbortBackup"));
        assertEquals(2, host.notices.size(), "" + host.notices);
        assertTrue(host.notices.get(0).contains("attempt 1 of 3 failed"), "" + host.notices);
    }

    @Test
    void threeAttemptsAreEnoughAndWhatWillNotPassGetsOne() throws Exception {
        online();
        host.script("late DoSnapshotSet 800423f2");
        assertTrue(failure().contains("0x800423F2"));
        assertEquals(3, host.count("Create"));
        assertEquals(3, host.count("Release"));
        host.script("error AddToSnapshotSet 8004231f");
        assertTrue(failure().contains("vssadmin resize shadowstorage"));
        assertEquals(4, host.count("Create"));
        assertEquals(3, host.count("AbortBackup")); // not prepared, so there was nothing to abort
    }

    @Test
    void aProviderIsGivenASecondChanceAndNoThird() throws Exception {
        online();
        host.script("error AddToSnapshotSet 80042306");
        assertTrue(failure().contains("0x80042306"));
        assertEquals(2, host.count("Create"));
    }

    @Test
    void aWriterThatFailedVoidsTheShadowCopy() throws Exception {
        online();
        host.script("failure 800423f4");
        String failure = failure();
        assertTrue(failure.contains("Hyper-V writer"), failure);
        assertEquals(0, host.count("DoSnapshotSet"));
        assertEquals(1, host.count("AbortBackup"));
    }

    @Test
    void anOverflowOfTheShadowStorageVoidsTheBackup() throws Exception {
        online();
        try (Checkpoint checkpoint = take()) {
            DiskImage image = checkpoint.disks().get(0).image();
            read(image);
            Files.createFile(host.home.resolve("overflow"));
            IOException e = assertThrows(IOException.class, image::checkUnchanged);
            assertTrue(e.getMessage().contains("overflowed"), e.getMessage());
        }
        assertEquals(1, host.count("AbortBackup"));
    }

    @Test
    void aParentOutsideTheShadowCopiesIsMissing() throws Exception {
        Path moved = Files.createDirectories(temp.toRealPath().resolve("moved"));
        Files.move(disks.resolve("system.vhdx"), moved.resolve("system.vhdx"));
        online();
        String failure = failure();
        assertTrue(failure.contains("expected its parent"), failure);
        assertEquals(1, host.count("AbortBackup"));
    }

    @Test
    void aKilledWorkerLeavesNothing() throws Exception {
        online();
        try (Checkpoint checkpoint = take()) {
            ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly);
            IOException e = assertThrows(
                    IOException.class, () -> checkpoint.disks().get(0).image().checkUnchanged());
            assertTrue(e.getMessage().contains("worker process ended"), e.getMessage());
        }
    }

    @Test
    void aCallThatHangsIsGivenUpWithItsProcess() throws Exception {
        online();
        host.script("hang PrepareForBackup");
        VssWorkerProcess.Timing impatient = new VssWorkerProcess.Timing(60, 8, 2);
        IOException e = assertThrows(
                IOException.class,
                () -> host.source(false, impatient).take(Previous.NONE).close());
        assertTrue(e.getMessage().contains("silent for 8 seconds"), e.getMessage());
    }

    @Test
    void whatIsNotDoneInTimeIsCancelledAndAborted() throws Exception {
        online();
        host.script("pending DoSnapshotSet");
        VssWorkerProcess.Timing impatient = new VssWorkerProcess.Timing(3, 60, 20);
        IOException e = assertThrows(
                IOException.class,
                () -> host.source(false, impatient).take(Previous.NONE).close());
        assertTrue(e.getMessage().contains("DoSnapshotSet: not done in time"), e.getMessage());
        assertEquals(1, host.count("Cancel DoSnapshotSet"));
        assertEquals(1, host.count("AbortBackup"));
    }

    private static Process program(Class<?> main) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java.exe")
                                .toString(),
                        "-Dvarve.vssapi=" + System.getProperty("varve.vssapi"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName())
                .inheritIO()
                .start();
    }

    /** A program that freezes the machine and dies without a word. */
    static final class Dying {
        public static void main(String[] args) throws IOException {
            VssHost.dying().take(Previous.NONE);
            Runtime.getRuntime().halt(9);
        }
    }

    @Test
    void aBackupThatDiesLeavesNothing() throws Exception {
        online();
        host.source(false); // writes the script
        Process dying = program(Dying.class);
        assertTrue(dying.waitFor(60, TimeUnit.SECONDS));
        assertEquals(9, dying.exitValue());
        host.assertNoShadowCopies();
        assertEquals(1, host.count("AbortBackup"));
        assertFalse(host.calls().contains("BackupComplete"));
    }
}
