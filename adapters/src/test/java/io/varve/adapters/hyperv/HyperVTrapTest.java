package io.varve.adapters.hyperv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.contract.Program;
import io.varve.adapters.file.Reader;
import io.varve.adapters.hyperv.standin.StandInDisk;
import io.varve.adapters.hyperv.standin.StandInHost;
import io.varve.engine.Cancellation;
import io.varve.engine.backup.BackupJob;
import io.varve.engine.backup.BackupOptions;
import io.varve.engine.backup.Backups;
import io.varve.engine.port.Checkpoint;
import io.varve.engine.port.CheckpointSource;
import io.varve.engine.port.SourceException;
import io.varve.store.Repository;
import io.varve.store.check.FsckOptions;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong at a host, and what comes of it. Every committed night restores as it was frozen. */
class HyperVTrapTest {
    @TempDir
    private Path temp;

    private final SplittableRandom random = new SplittableRandom(7);
    private HyperVMachine machine;
    private Repository repository;
    private Backups.Log log;

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
    }

    private Snapshot night() throws IOException {
        return night(Consistency.PREFER);
    }

    private Snapshot night(Consistency consistency) throws IOException {
        try (HyperV hyperV = machine.connect(Optional.empty())) {
            return night(machine.source(hyperV, consistency));
        }
    }

    private Snapshot night(CheckpointSource source) throws IOException {
        machine.write(random);
        List<byte[]> frozen =
                machine.machine.disks().stream().map(StandInDisk::content).toList();
        log = new Backups.Log();
        machine.warnings.clear();
        try (WriteSession session = WriteSession.open(repository, "test", Duration.ZERO, message -> {})) {
            BackupOptions options = new BackupOptions(1, 16 << 10, 0, 1);
            Snapshot snapshot = new BackupJob(session, options, log, new Cancellation(), "test").run("machine", source);
            for (DiskRecord disk : snapshot.manifest().disks()) {
                assertArrayEquals(frozen.get(disk.number() - 1), Backups.restore(repository, disk));
            }
            return snapshot;
        }
    }

    private static DiskRecord disk(Snapshot snapshot, int number) {
        return snapshot.manifest().disks().get(number);
    }

    private void assertWarned(String words) {
        assertTrue(machine.warnings.stream().anyMatch(warning -> warning.contains(words)), machine.warnings.toString());
    }

    private void assertClean(Snapshot snapshot) {
        machine.assertNothingIsLeft(snapshot.manifest().sourceState());
    }

    @Test
    void aLateConversionIsTriedAgain() throws IOException {
        night();
        machine.host.faults().failJob("ConvertToReferencePoint", 0x8007052FL, 1);
        Snapshot night = night();
        assertEquals("incremental", disk(night, 0).mode());
        assertEquals(List.of(), machine.warnings);
        assertEquals("incremental", disk(night(), 0).mode());
    }

    @Test
    void aConversionThatNeverSucceedsCostsTheNextListOnly() throws IOException {
        night();
        machine.host.faults().failJob("ConvertToReferencePoint", 0x8007052FL, 99);
        Snapshot night = night();
        assertEquals("incremental", disk(night, 0).mode());
        assertEquals(Optional.empty(), disk(night, 0).changeToken());
        assertWarned("log on as a service");
        assertTrue(machine.notices.toString().contains("would confirm it"), machine.notices.toString());
        assertClean(night);
        machine.host.faults().failJob("ConvertToReferencePoint", 0, 0);
        assertEquals("full", disk(night(), 0).mode());
        assertEquals("incremental", disk(night(), 0).mode());
    }

    @Test
    void aConversionWhoseJobVanishedIsKnownByItsEffect() throws IOException {
        night();
        machine.host.faults().loseJob("ConvertToReferencePoint", 1);
        Snapshot night = night();
        assertEquals(List.of(), machine.warnings);
        assertTrue(disk(night, 0).changeToken().isPresent());
        assertClean(night);
        assertEquals("incremental", disk(night(), 0).mode());
    }

    @Test
    void aConversionWithoutAnAnswerIsKnownByItsEffect() throws IOException {
        night();
        machine.host.faults().loseAnswer("ConvertToReferencePoint", 1);
        Snapshot night = night();
        assertEquals(List.of(), machine.warnings);
        assertTrue(disk(night, 0).changeToken().isPresent());
        assertClean(night);
    }

    @Test
    void aReplicaUnderTheMountedPathIsRefused() throws IOException {
        night();
        machine.write(random);
        Path drive = machine.host.folderHere();
        Path replica = temp.resolve("replica");
        Path disk = machine.machine.disks().get(0).files().get(0);
        Path copy = replica.resolve(drive.relativize(disk));
        Files.createDirectories(copy.getParent());
        Files.copy(disk, copy);
        try (HyperV hyperV = machine.connect(Optional.empty())) {
            HostPaths paths = HostPaths.mounted(List.of(new HostPaths.Mount(StandInHost.DRIVE, replica)));
            HyperVSource source =
                    machine.source(hyperV, Consistency.PREFER, new MountedReading(hyperV, paths, Reader.DIRECT));
            SourceException refused = assertThrows(SourceException.class, () -> night(source));
            assertTrue(refused.getMessage().contains("a replica or an old copy"), refused.getMessage());
        }
        assertClean(night());
    }

    @Test
    void anEndlessMergeIsAStatusOfItsOwn() throws IOException {
        night();
        machine.host.faults().neverMerge(true);
        Snapshot night = night();
        assertEquals("incremental", disk(night, 0).mode());
        assertTrue(log.warnings.toString().contains(BackupJob.SOURCE_NOT_CLEAN), log.warnings.toString());
        SourceException refused = assertThrows(SourceException.class, this::night);
        assertTrue(refused.getMessage().contains("failed merge"), refused.getMessage());
        assertWarned("was not merged");
        machine.host.faults().neverMerge(false);
        Snapshot healed = night();
        assertEquals("incremental", disk(healed, 0).mode());
        assertClean(healed);
    }

    @Test
    void trackingThatIsLostOnOneDiskDemotesThatDiskOnly() throws IOException {
        machine.machine.addDisk(1 << 20);
        night();
        machine.machine.disks().get(1).forget();
        Snapshot night = night();
        assertEquals("incremental", disk(night, 0).mode());
        assertEquals("demoted", disk(night, 1).mode());
        assertEquals("rct-lost", disk(night, 1).reasonCode());
        assertEquals("incremental", disk(night(), 1).mode());
    }

    @Test
    void anAppliedCheckpointIsNeverReadByItsOldIds() throws IOException {
        StandInDisk disk = machine.machine.disks().get(0);
        machine.host.freeze(machine.machine, false);
        byte[] older = disk.content();
        night();
        machine.write(random);
        disk.revert(older);
        Snapshot night = night();
        assertEquals("demoted", disk(night, 0).mode());
        assertEquals("chain-changed", disk(night, 0).reasonCode());
        assertEquals("incremental", disk(night(), 0).mode());
    }

    @Test
    void aUsersCheckpointsAreReadAsAWhole() throws IOException {
        night();
        machine.write(random);
        String user = machine.host.freeze(machine.machine, false);
        Snapshot night = night();
        assertEquals("incremental", disk(night, 0).mode());
        assertEquals("incremental", disk(night(), 0).mode());
        assertTrue(machine.host.objects(machine.machine).contains(user), "a user's checkpoint was removed");
        assertEquals(List.of(), machine.warnings);
    }

    @Test
    void aMachineThatMovesWhileItIsReadCommitsNothing() throws IOException {
        night();
        try (HyperV hyperV = machine.connect(Optional.empty())) {
            HyperVSource source = machine.source(hyperV, Consistency.PREFER);
            SourceException moved = assertThrows(
                    SourceException.class,
                    () -> night(previous -> {
                        Checkpoint checkpoint = source.take(previous);
                        machine.host.vanish(machine.machine);
                        return checkpoint;
                    }));
            assertTrue(moved.getMessage().contains("vanished while it was read"), moved.getMessage());
        }
        assertEquals(1, repository.snapshots().list().snapshots().size());
        assertClean(night());
    }

    @Test
    void aGuestThatCannotFreezeIsBackedUpAsAfterAPowerCut() throws IOException {
        machine.host.faults().failJob("CreateSnapshot", 0x80070015L, 1);
        assertEquals("crash", night().manifest().consistency());
        assertWarned("crash-consistent");
        assertEquals("application", night().manifest().consistency());
        machine.host.faults().failJob("CreateSnapshot", 0x80070015L, 1);
        SourceException refused = assertThrows(SourceException.class, () -> night(Consistency.REQUIRE));
        assertTrue(refused.getMessage().contains("consistency 'prefer'"), refused.getMessage());
        assertClean(night());
    }

    @Test
    void aGuestThatWasNotFrozenAfterAllIsNotCalledSo() throws IOException {
        machine.host.faults().neverFreezeGuests(true);
        assertEquals("crash", night().manifest().consistency());
        assertWarned("integration services");
    }

    @Test
    void aStateThatPassesIsWaitedFor() throws IOException {
        machine.host.faults().refuse("CreateSnapshot", 32775, 2);
        assertEquals("application", night().manifest().consistency());
        assertEquals(List.of(), machine.warnings);
    }

    @Test
    void aCheckpointWhoseAnswerNeverCameIsReportedAndLeftAlone() throws IOException {
        night();
        machine.host.faults().loseJob("CreateSnapshot", 1);
        assertThrows(SourceException.class, this::night);
        List<String> objects = machine.host.objects(machine.machine);
        night();
        assertWarned("varve hyperv clean --checkpoint");
        assertTrue(machine.host.objects(machine.machine).contains(objects.get(0)), "may be another product's");
    }

    @Test
    void anImpossibleChangeListDemotes() throws IOException {
        night();
        machine.host.faults().stall(true);
        Snapshot night = night();
        assertEquals("rct-answer-invalid", disk(night, 0).reasonCode());
        machine.host.faults().stall(false);
        assertEquals("incremental", disk(night(), 0).mode());
    }

    @Test
    void aReferencePointThatAnotherProductRemovedDemotes() throws IOException {
        Snapshot first = night();
        machine.host.removePoint(
                machine.machine,
                NightState.decode(first.manifest().sourceState().orElseThrow())
                        .orElseThrow()
                        .point()
                        .orElseThrow());
        Snapshot night = night();
        assertEquals("reference-point-gone", disk(night, 0).reasonCode());
        assertEquals("incremental", disk(night(), 0).mode());
    }

    @Test
    void anAddedDiskIsReadInFullAndNoOther() throws IOException {
        night();
        machine.machine.addDisk(1 << 20);
        Snapshot night = night();
        assertEquals("incremental", disk(night, 0).mode());
        assertEquals("full", disk(night, 1).mode());
    }

    @Test
    void whatIsNotContainedIsSaid() throws IOException {
        machine.machine.addPassThrough("Disk 3");
        machine.machine.addDisk(1 << 20).share();
        Snapshot night = night();
        assertWarned("'Disk 3' is a pass-through disk");
        assertWarned("is a VHD set");
        assertEquals(1, night.manifest().disks().size());
    }

    /** A set that was attached after the others were looked for is nobody's. */
    @Test
    void onlySetsThatSomebodyTakesCareOfAreNotMentioned() throws IOException {
        machine.machine.addDisk(1 << 20).shareUnderOneName();
        machine.machine.addDisk(1 << 20).shareUnderOneName();
        try (HyperV hyperV = machine.connect(Optional.empty())) {
            List<CheckpointedDisk> disks = hyperV.liveDisks(machine.machine.id());
            String known = disks.get(1).file();
            Snapshot night = night(machine.source(hyperV, Set.of(known.toUpperCase(Locale.ROOT))));
            assertEquals(1, night.manifest().disks().size());
            assertEquals(1, machine.warnings.size(), machine.warnings.toString());
            assertWarned(disks.get(2).file() + " is a VHD set");
        }
    }

    @Test
    void anAnswerThatEndsInTheMiddleFailsTheNight() throws IOException {
        night();
        machine.server().answerHalf(true);
        assertThrows(SourceException.class, this::night);
        machine.server().answerHalf(false);
        assertClean(night());
    }

    @Test
    void answersThatAreLostNowAndThenCostNothing() throws IOException {
        night();
        machine.server().answerHalfOf(4);
        Snapshot night = night();
        machine.server().answerHalfOf(0);
        assertEquals("incremental", disk(night, 0).mode());
        assertEquals(List.of(), machine.warnings);
        assertClean(night);
    }

    @Test
    void aChangeListThatDoesNotFitIntoAnAnswerIsAskedForInPieces() throws IOException {
        StandInDisk disk = machine.machine.addDisk(4 << 20);
        night();
        List<Integer> offsets =
                IntStream.range(0, 32).mapToObj(i -> i * (128 << 10)).toList();
        disk.write(offsets, new byte[] {1});
        machine.host.faults().fitRanges(20, 1024);
        Snapshot night = night();
        assertEquals("incremental", disk(night, 1).mode(), disk(night, 1).reason());
        disk.write(0, new byte[] {2});
        machine.host.faults().fitRanges(0, 1024);
        assertEquals("change-tracking-failed", disk(night(), 1).reasonCode());
    }

    @Test
    void anotherFileUnderTheSameNameIsRefused() throws IOException {
        night();
        Path file = machine.machine.disks().get(0).files().get(0);
        Path aside = Files.move(file, temp.resolve("aside.vhdx"));
        Path other = new HyperVMachine(temp).machine.disks().get(0).files().get(0);
        Files.copy(other, file);
        SourceException refused = assertThrows(SourceException.class, this::nightWithoutWriting);
        assertTrue(refused.getMessage().contains("it is another file"), refused.getMessage());
        Files.delete(file);
        Files.move(aside, file);
        assertClean(night());
    }

    private void nightWithoutWriting() throws IOException {
        try (HyperV hyperV = machine.connect(Optional.empty());
                WriteSession session = WriteSession.open(repository, "test", Duration.ZERO, message -> {})) {
            new BackupJob(session, new BackupOptions(1, 16 << 10, 0, 1), new Backups.Log(), new Cancellation(), "test")
                    .run("machine", machine.source(hyperV, Consistency.PREFER));
        }
    }

    @Test
    void qemuReadsTheSameFromTheFrozenFile() throws IOException {
        Assumptions.assumeTrue(
                System.getenv("CI") != null
                        || Program.run("qemu-img", "--version").exitCode() == 0,
                "skipped: qemu-img is not installed");
        night();
        Path raw = temp.resolve("frozen.raw");
        try (HyperV hyperV = machine.connect(Optional.empty())) {
            HyperVSource source = machine.source(hyperV, Consistency.PREFER);
            Snapshot night = night(previous -> {
                Checkpoint checkpoint = source.take(previous);
                Path frozen = machine.machine.disks().get(0).files().get(1);
                Program.Result converted = Program.run(
                        "qemu-img", "convert", "-f", "vhdx", "-O", "raw", frozen.toString(), raw.toString());
                assertEquals(0, converted.exitCode(), converted.output());
                return checkpoint;
            });
            assertEquals("incremental", disk(night, 0).mode());
            assertFalse(Arrays.equals(new byte[1 << 20], Files.readAllBytes(raw)));
            assertArrayEquals(Files.readAllBytes(raw), Backups.restore(repository, disk(night, 0)));
        }
    }
}
