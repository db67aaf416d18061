package io.varve.engine.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.Cancellation;
import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.Changes;
import io.varve.engine.port.SourceException;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.store.Folder;
import io.varve.store.Location;
import io.varve.store.Repository;
import io.varve.store.check.FsckOptions;
import io.varve.store.coordination.RepositoryBusyException;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupTest {
    private static final int SIZE = 3 << 20;

    @TempDir
    Path root;

    private Repository repository;
    private final byte[] content = Backups.content(SIZE, 1);

    /** Where the repository is made. */
    Location location() {
        return new Folder(root);
    }

    @BeforeEach
    void init() throws IOException {
        repository = Backups.init(location());
    }

    @AfterEach
    void everyTestEndsWithFsck() throws IOException {
        assertEquals(List.of(), Backups.fsck(repository, FsckOptions.Level.DEEP).findings());
        repository.close();
    }

    private DiskRecord backUp(byte[] disk, ChangeTracker tracker, double audit, Backups.Log log) throws IOException {
        return Backups.backUp(repository, audit, log, Backups.disk("disk", new MemoryDisk(disk, null), tracker))
                .manifest()
                .disks()
                .get(0);
    }

    @Test
    void unchangedBlocksCostNothing() throws IOException {
        backUp(content, ChangeTracker.none(), 0, new Backups.Log());
        DiskRecord again = backUp(content, ChangeTracker.none(), 0, new Backups.Log());
        assertEquals("full", again.mode());
        assertEquals(SIZE, again.counters().read());
        assertEquals(0, again.counters().changed());
        assertEquals(0, again.counters().stored());
    }

    @Test
    void anIncrementalReadsOnlyTheTouchedBlocks() throws IOException {
        backUp(content, TestTracker.tokenOnly("t0"), 0, new Backups.Log());
        byte[] changed = content.clone();
        changed[100_000] ^= 1;
        changed[2_000_000] ^= 1;
        RangeSet list = RangeSet.of(new Range(100_000, 1), new Range(1_999_999, 2));
        DiskRecord record = backUp(changed, TestTracker.known("t0", list, "t1"), 0, new Backups.Log());
        assertEquals("incremental", record.mode());
        assertEquals(2 * Backups.BLOCK, record.counters().read());
        assertEquals(Optional.of("t1"), record.changeToken());
        Backups.assertRestores(
                repository, repository.snapshots().list().snapshots().get(1), changed);
    }

    /** What was freed is not allocated any more, so nobody would read it: the parent's map tells. */
    @Test
    void anAuditFindsATrimThatTheListLeftOut() throws IOException {
        for (double audit : new double[] {1, 0.5, -1}) {
            String token = "t" + audit;
            backUp(content, TestTracker.tokenOnly(token), 0, new Backups.Log());
            byte[] trimmed = content.clone();
            java.util.Arrays.fill(trimmed, SIZE / 2, SIZE, (byte) 0);
            MemoryDisk disk = new MemoryDisk(trimmed, null).allocated(RangeSet.of(new Range(0, SIZE / 2)));
            ChangeTracker lying = TestTracker.known(token, RangeSet.of(new Range(0, SIZE / 4)), token + "+");
            Backups.Log log = new Backups.Log();
            Snapshot snapshot = Backups.backUp(repository, audit, log, Backups.disk("disk", disk, lying));
            if (audit == 0.5 && log.warnings.isEmpty()) { // a round takes two nights
                ChangeTracker later = TestTracker.known(token + "+", RangeSet.empty(), token + "++");
                snapshot = Backups.backUp(repository, audit, log, Backups.disk("disk", disk, later));
            }
            assertEquals(List.of("audit-mismatch"), log.warnings, "audit " + audit);
            Backups.assertRestores(repository, snapshot, trimmed);
        }
    }

    /** No block of the source is read for that, and what was zeros already is no mismatch. */
    @Test
    void anAuditOfWhatIsFreeReadsNothing() throws IOException {
        byte[] half = content.clone();
        java.util.Arrays.fill(half, SIZE / 2, SIZE, (byte) 0);
        MemoryDisk disk = new MemoryDisk(half, null).allocated(RangeSet.of(new Range(0, SIZE / 2)));
        Backups.backUp(repository, 0, new Backups.Log(), Backups.disk("disk", disk, TestTracker.tokenOnly("t0")));
        Backups.Log log = new Backups.Log();
        ChangeTracker known = TestTracker.known("t0", RangeSet.of(new Range(0, Backups.BLOCK)), "t1");
        Backups.backUp(repository, 1, log, Backups.disk("disk", disk, known));
        assertEquals(List.of(), log.warnings);
        assertEquals("incremental", log.disks.get(0).mode());
        assertEquals(SIZE / 2, log.disks.get(0).counters().read());
    }

    /** A random life: writes, zeros, growing lists; each night's root is that of a full backup, each night restores. */
    @Test
    void incrementalAndFullGiveEqualRoots() throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        byte[] disk = content.clone();
        List<byte[]> nights = new ArrayList<>();
        Path otherRoot = root.resolveSibling(root.getFileName() + "-full");
        try (Repository full = Repository.init(otherRoot, repository.config())) {
            for (int night = 0; night < 6; night++) {
                List<Range> changes = new ArrayList<>();
                for (int i = random.nextInt(8); i > 0; i--) {
                    int offset = random.nextInt(SIZE - 1);
                    int length = 1 + random.nextInt(Math.min(200_000, SIZE - offset));
                    changes.add(new Range(offset, length));
                    byte[] fresh =
                            random.nextInt(3) == 0 ? new byte[length] : Backups.content(length, random.nextLong());
                    System.arraycopy(fresh, 0, disk, offset, length);
                }
                ChangeTracker tracker = night == 0
                        ? TestTracker.tokenOnly("t0")
                        : TestTracker.known("t" + (night - 1), RangeSet.of(changes), "t" + night);
                Backups.Log log = new Backups.Log();
                DiskRecord incremental = backUp(disk.clone(), tracker, -1, log);
                assertEquals(List.of(), log.warnings, "seed " + seed);
                assertEquals(night == 0 ? "full" : "incremental", incremental.mode());
                DiskRecord whole = Backups.backUp(full, Backups.disk("disk", disk.clone()))
                        .manifest()
                        .disks()
                        .get(0);
                assertEquals(whole.mapRoot(), incremental.mapRoot(), "night " + night + ", seed " + seed);
                nights.add(disk.clone());
            }
        }
        List<Snapshot> snapshots = repository.snapshots().list().snapshots();
        for (int night = 0; night < nights.size(); night++) {
            Backups.assertRestores(repository, snapshots.get(night), nights.get(night));
        }
    }

    /** Invariant 8: a change list is a hint. */
    @Test
    void aChangeListIsAHint() throws IOException {
        backUp(content, TestTracker.tokenOnly("t0"), 0, new Backups.Log());
        byte[] changed = content.clone();
        changed[1_000_000] ^= 1;
        Backups.Log log = new Backups.Log();
        DiskRecord record = backUp(changed, TestTracker.known("t0", RangeSet.empty(), "t1"), 1, log);
        assertEquals("demoted", record.mode());
        assertEquals("audit-mismatch", record.reasonCode());
        assertEquals(List.of("audit-mismatch"), log.warnings);
        Backups.assertRestores(
                repository, repository.snapshots().list().snapshots().get(1), changed);
    }

    @Test
    void aListBeyondTheDiskDemotes() throws IOException {
        backUp(content, TestTracker.tokenOnly("t0"), 0, new Backups.Log());
        Backups.Log log = new Backups.Log();
        RangeSet beyond = RangeSet.of(new Range(SIZE - 1, 2));
        assertEquals(
                "change-list-invalid",
                backUp(content, TestTracker.known("t0", beyond, "t1"), 0, log).reasonCode());
        assertEquals(List.of("change-list-invalid"), log.warnings);
    }

    @Test
    void anotherTokenDemotes() throws IOException {
        backUp(content, TestTracker.tokenOnly("t0"), 0, new Backups.Log());
        Backups.Log log = new Backups.Log();
        DiskRecord record = backUp(content, TestTracker.known("t7", RangeSet.empty(), "t8"), 0, log);
        assertEquals("demoted", record.mode());
        assertEquals("token-mismatch", record.reasonCode());
        assertEquals(0, record.counters().stored());
    }

    @Test
    void aResizedDiskIsReadWhole() throws IOException {
        backUp(content, TestTracker.tokenOnly("t0"), 0, new Backups.Log());
        byte[] grown = java.util.Arrays.copyOf(content, SIZE + 12_345);
        grown[SIZE + 12_000] = 1;
        Backups.Log log = new Backups.Log();
        DiskRecord record = backUp(grown, TestTracker.known("t0", RangeSet.empty(), "t1"), 0, log);
        assertEquals("disk-resized", record.reasonCode());
        Backups.assertRestores(
                repository, repository.snapshots().list().snapshots().get(1), grown);
    }

    /** Invariant 9. */
    @Test
    void oneDisksDemotionNeverTouchesAnotherDisk() throws IOException {
        byte[] other = Backups.content(SIZE, 2);
        Backups.backUp(
                repository,
                Backups.disk("a", new MemoryDisk(content, null), TestTracker.tokenOnly("a0")),
                Backups.disk("b", new MemoryDisk(other, null), TestTracker.tokenOnly("b0")));
        Changes.Unknown lost = new Changes.Unknown("tracking-lost", "the tracking file is gone");
        Snapshot second = Backups.backUp(
                repository,
                Backups.disk(
                        "a",
                        new MemoryDisk(content, null),
                        new TestTracker(Optional.of("a0"), lost, Optional.of("a1"))),
                Backups.disk("b", new MemoryDisk(other, null), TestTracker.known("b0", RangeSet.empty(), "b1")));
        assertEquals("demoted", second.manifest().disks().get(0).mode());
        assertEquals("tracking-lost", second.manifest().disks().get(0).reasonCode());
        assertEquals("incremental", second.manifest().disks().get(1).mode());
        assertEquals(0, second.manifest().disks().get(1).counters().read());
        Backups.assertRestores(repository, second, content, other);
    }

    @Test
    void disksArePairedByGuidNotByPosition() throws IOException {
        UUID a = UUID.randomUUID();
        UUID b = UUID.randomUUID();
        byte[] other = Backups.content(SIZE, 2);
        Backups.backUp(
                repository,
                unnamed("x", new MemoryDisk(content, a), TestTracker.tokenOnly("same")),
                unnamed("y", new MemoryDisk(other, b), TestTracker.tokenOnly("same")));
        Snapshot swapped = Backups.backUp(
                repository,
                unnamed("x", new MemoryDisk(other, b), TestTracker.known("same", RangeSet.empty(), "next")),
                unnamed("y", new MemoryDisk(content, a), TestTracker.known("same", RangeSet.empty(), "next")));
        assertEquals("incremental", swapped.manifest().disks().get(0).mode());
        Backups.assertRestores(repository, swapped, other, content);
    }

    private static io.varve.engine.port.CheckpointDisk unnamed(String name, MemoryDisk disk, ChangeTracker tracker) {
        return new io.varve.engine.port.CheckpointDisk(name, false, disk, tracker);
    }

    /** Two disks without identity carried the same token: which one does the list mean? */
    @Test
    void anAmbiguousTokenDemotes() throws IOException {
        Backups.backUp(
                repository,
                unnamed("x", new MemoryDisk(content, null), TestTracker.tokenOnly("same")),
                unnamed("y", new MemoryDisk(content, null), TestTracker.tokenOnly("same")));
        Backups.Log log = new Backups.Log();
        Backups.backUp(
                repository,
                0,
                log,
                unnamed("x", new MemoryDisk(content, null), TestTracker.known("same", RangeSet.empty(), "next")));
        assertEquals(List.of("token-mismatch", "disk-missing"), log.warnings); // y is not there tonight
    }

    /** Invariant 7: the checkpoint advances only after the commit. */
    @Test
    void theCheckpointAdvancesOnlyAfterTheCommit() throws IOException {
        Backups.TestCheckpoint failing = new Backups.TestCheckpoint(List.of(
                Backups.disk("disk", new MemoryDisk(content, null).failingAt(2_000_000), ChangeTracker.none())));
        SourceException e =
                assertThrows(SourceException.class, () -> Backups.backUp(repository, 0, new Backups.Log(), failing));
        assertTrue(e.getMessage().contains("bad sector at 2000000"), e.getMessage());
        assertFalse(failing.committed);
        assertTrue(failing.closed);
        assertEquals(List.of(), repository.snapshots().list().snapshots());

        List<Integer> snapshotsAtCommit = new ArrayList<>();
        Backups.TestCheckpoint sound = new Backups.TestCheckpoint(List.of(Backups.disk("disk", content))) {
            @Override
            public void commit(String snapshotId) {
                super.commit(snapshotId);
                try {
                    snapshotsAtCommit.add(
                            repository.snapshots().list().snapshots().size());
                } catch (IOException unexpected) {
                    throw new AssertionError(unexpected);
                }
            }
        };
        Backups.backUp(repository, 0, new Backups.Log(), sound);
        assertTrue(sound.committed);
        assertEquals(List.of(1), snapshotsAtCommit);
    }

    @Test
    void aStopCommitsNothing() throws IOException {
        Cancellation cancellation = new Cancellation();
        MemoryDisk disk = new MemoryDisk(content, null).beforeRead(cancellation::request);
        try (WriteSession session = WriteSession.open(repository, "test", Duration.ZERO, message -> {})) {
            BackupJob job = new BackupJob(
                    session, new BackupOptions(2, 16 << 10, 0, 1), new Backups.Log(), cancellation, "test");
            assertThrows(
                    InterruptedIOException.class,
                    () -> job.run(
                            "machine",
                            previous -> new Backups.TestCheckpoint(
                                    List.of(Backups.disk("disk", disk, ChangeTracker.none())))));
        }
        assertEquals(List.of(), repository.snapshots().list().snapshots());
    }

    @Test
    void whoeverWritesAloneWaitsForAllAndIsWaitedFor() throws IOException {
        try (WriteSession first = WriteSession.open(repository, "the first", Duration.ZERO, message -> {});
                WriteSession second = WriteSession.open(repository, "the second", Duration.ZERO, message -> {})) {
            assertNotEquals(first.entry(), second.entry());
            List<String> notices = new ArrayList<>();
            RepositoryBusyException e = assertThrows(
                    RepositoryBusyException.class,
                    () -> WriteSession.openAlone(repository, "repair", Duration.ofMillis(300), notices::add));
            assertTrue(e.getMessage().contains("the first") && e.getMessage().contains("the second"), e.getMessage());
            assertEquals(1, notices.size());
        }
        try (WriteSession alone = WriteSession.openAlone(repository, "repair", Duration.ZERO, message -> {})) {
            RepositoryBusyException e = assertThrows(
                    RepositoryBusyException.class,
                    () -> WriteSession.open(repository, "another", Duration.ZERO, message -> {}));
            assertTrue(e.getMessage().contains(alone.entry().description()), e.getMessage());
        }
        WriteSession.open(repository, "the last", Duration.ZERO, message -> {}).close();
    }

    /** A reader takes no lock: it lists, checks and restores while a backup is at work. */
    @Test
    void readersWorkWhileABackupRuns() throws IOException {
        Snapshot before = Backups.backUp(repository, Backups.disk("disk", content));
        byte[] next = Backups.content(SIZE, 5);
        boolean[] looked = new boolean[1];
        MemoryDisk busy = new MemoryDisk(next, null).beforeRead(() -> {
            synchronized (looked) {
                if (!looked[0]) {
                    looked[0] = true;
                    try {
                        Backups.assertRestores(repository, before, content);
                        assertFalse(
                                Backups.fsck(repository, FsckOptions.Level.DEEP).hasErrors());
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                }
            }
        });
        Snapshot after = Backups.backUp(repository, Backups.disk("disk", busy, ChangeTracker.none()));
        assertTrue(looked[0]);
        Backups.assertRestores(repository, after, next);
    }

    @Test
    void emptyTinyAndZeroDisks() throws IOException {
        byte[][] disks = {new byte[0], {1}, new byte[1 << 20], Backups.content(Backups.BLOCK + 1, 3)};
        Snapshot snapshot = Backups.backUp(
                repository,
                Backups.disk("empty", disks[0]),
                Backups.disk("byte", disks[1]),
                Backups.disk("zeros", disks[2]),
                Backups.disk("odd", disks[3]));
        assertTrue(snapshot.manifest().disks().get(2).mapRoot().isZero());
        Backups.assertRestores(repository, snapshot, disks);
    }

    @Test
    void unallocatedPartsAreNotRead() throws IOException {
        byte[] sparse = new byte[SIZE];
        System.arraycopy(content, 0, sparse, 1 << 20, 1000);
        MemoryDisk disk = new MemoryDisk(sparse, null).allocated(RangeSet.of(new Range(1 << 20, 1000)));
        Snapshot snapshot = Backups.backUp(repository, Backups.disk("disk", disk, TestTracker.tokenOnly("t0")));
        assertEquals(Backups.BLOCK, disk.bytesRead());
        Backups.assertRestores(repository, snapshot, sparse);

        // What was freed since is in the change list and not allocated: it becomes zeros without being read.
        MemoryDisk freed = new MemoryDisk(new byte[SIZE], null).allocated(RangeSet.empty());
        Snapshot after = Backups.backUp(
                repository,
                Backups.disk("disk", freed, TestTracker.known("t0", RangeSet.of(new Range(1 << 20, 1000)), "t1")));
        assertEquals(0, freed.bytesRead());
        assertTrue(after.manifest().disks().get(0).mapRoot().isZero());
        Backups.assertRestores(repository, after, new byte[SIZE]);
    }
}
