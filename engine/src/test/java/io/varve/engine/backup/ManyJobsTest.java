package io.varve.engine.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.varve.engine.Cancellation;
import io.varve.engine.gc.Warnings;
import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.SourceException;
import io.varve.store.MemoryLocation;
import io.varve.store.Repository;
import io.varve.store.cache.CacheDirectory;
import io.varve.store.check.FsckOptions;
import io.varve.store.check.FsckReport;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.gc.Collection;
import io.varve.store.gc.CollectionOptions;
import io.varve.store.session.SharedSessions;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotShelf;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many machines in one process: one index, one workshop, a session each. */
class ManyJobsTest {
    private static final int SIZE = 200_000;
    private static final BackupOptions OPTIONS = new BackupOptions(2, 16 << 10, 0, 1);

    @TempDir
    Path temp;

    private MemoryLocation location;
    private Repository repository;
    private SharedSessions sessions;
    private Workshop workshop;

    @BeforeEach
    void init() throws IOException {
        location = new MemoryLocation(temp);
        repository = Backups.init(location);
        sessions = new SharedSessions(repository);
        workshop = new Workshop(OPTIONS, Backups.BLOCK);
    }

    @AfterEach
    void close() throws IOException {
        FsckReport report = Backups.fsck(repository, FsckOptions.Level.DEEP);
        assertFalse(report.hasErrors() || report.hasWarnings(), () -> "" + report.findings());
        repository.close();
    }

    private WriteSession session(String purpose) throws IOException {
        return sessions.open(purpose, Duration.ZERO, notice -> {});
    }

    private Snapshot backUp(String machine, MemoryDisk disk, Cancellation cancellation) throws IOException {
        try (WriteSession session = session(machine)) {
            return new BackupJob(session, OPTIONS, new Backups.Log(), cancellation, "test", workshop)
                    .run(
                            machine,
                            earlier -> new Backups.TestCheckpoint(
                                    List.of(Backups.disk("disk", disk, ChangeTracker.none()))));
        }
    }

    private Snapshot backUp(String machine, byte[] content) throws IOException {
        return backUp(machine, new MemoryDisk(content, null), new Cancellation());
    }

    @Test
    void fortyMachinesFourAtATimeWithOneIndex() throws Exception {
        ExecutorService four = Executors.newFixedThreadPool(4);
        Set<String> indexes = ConcurrentHashMap.newKeySet();
        List<Future<Snapshot>> jobs = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            int number = i;
            jobs.add(four.submit(() -> {
                Snapshot snapshot = backUp("machine" + number, Backups.content(SIZE, number % 10));
                indexes.addAll(indexes());
                return snapshot;
            }));
        }
        for (int i = 0; i < jobs.size(); i++) {
            Backups.assertRestores(repository, jobs.get(i).get(), Backups.content(SIZE, i % 10));
        }
        four.shutdown();
        assertEquals(Set.of("index"), indexes, "one index for all of them");
    }

    /** What machines after the first eight may add: the JDK's buffers per thread, tables of the index. */
    private static final long MORE_MEMORY = 1 << 20;

    private static final int MORE_FILES = 16;

    /** Four at a time, however many there are: neither memory nor open files grow with them. */
    @Test
    void memoryAndOpenFilesDoNotGrowWithTheMachines() throws Exception {
        Path open = Path.of("/proc/self/fd");
        assumeTrue(Files.isDirectory(open), "skipped: no /proc/self/fd");
        Used first = backUpAtOnce(0, 8, open);
        Used others = backUpAtOnce(8, 40, open);
        assertTrue(
                others.memory() <= first.memory() + MORE_MEMORY,
                () -> "direct memory: " + first.memory() + " with 8 machines, " + others.memory() + " with 40");
        assertTrue(
                others.files() <= first.files() + MORE_FILES,
                () -> "open files: " + first.files() + " with 8 machines, " + others.files() + " with 40");
    }

    private record Used(long memory, long files) {}

    /** Backs up machines, four at a time. @return the most open files meanwhile, and the memory still held */
    private Used backUpAtOnce(int from, int to, Path open) throws Exception {
        ExecutorService four = Executors.newFixedThreadPool(4);
        List<Future<Long>> jobs = new ArrayList<>();
        // Held all the time, as by the longest job of the night.
        try (WriteSession longest = session("longest")) {
            for (int i = from; i < to; i++) {
                int number = i;
                jobs.add(four.submit(() -> {
                    backUp("machine" + number, Backups.content(SIZE, number % 10));
                    return (long) open.toFile().list().length;
                }));
            }
            long files = 0;
            for (Future<Long> job : jobs) {
                files = Math.max(files, job.get());
            }
            four.shutdown();
            assertTrue(longest.repository() != null);
            return new Used(heldDirectMemory(), files);
        }
    }

    /** Buffers that nobody uses any longer are found by the collector, and freed soon after. */
    private static long heldDirectMemory() throws InterruptedException {
        BufferPoolMXBean direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .findAny()
                .orElseThrow();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            System.gc();
            Thread.sleep(20);
            least = Math.min(least, direct.getMemoryUsed());
        }
        return least;
    }

    /** Names of directories of indexes in this home. */
    private Set<String> indexes() throws IOException {
        Set<String> names = new TreeSet<>();
        try (var entries = Files.list(temp)) {
            entries.filter(Files::isDirectory).forEach(entry -> names.add(entry.getFileName() + ""));
        }
        Path further = CacheDirectory.path()
                .resolve("index")
                .resolve(repository.config().repositoryId().toString());
        if (Files.exists(further)) {
            names.add(further.toString());
        }
        return names;
    }

    /** Content that calls for something in the middle. */
    private static MemoryDisk disk(byte[] content, Runnable inTheMiddle, IOException failure) {
        return new MemoryDisk(content, null) {
            @Override
            public void read(long offset, ByteBuffer target) throws IOException {
                if (offset >= SIZE / 2) {
                    inTheMiddle.run();
                    if (failure != null) {
                        throw failure;
                    }
                }
                super.read(offset, target);
            }
        };
    }

    @Test
    void oneFailsAndOneIsCancelledAndTheOthersGoOn() throws Exception {
        Cancellation cancellation = new Cancellation();
        ExecutorService four = Executors.newFixedThreadPool(4);
        Future<Snapshot> failing = four.submit(() -> backUp(
                "failing",
                disk(Backups.content(SIZE, 1), () -> {}, new IOException("the cable is out")),
                new Cancellation()));
        Future<Snapshot> cancelled = four.submit(
                () -> backUp("cancelled", disk(Backups.content(SIZE, 2), cancellation::request, null), cancellation));
        Future<Snapshot> first = four.submit(() -> backUp("first", Backups.content(SIZE, 3)));
        Future<Snapshot> second = four.submit(() -> backUp("second", Backups.content(SIZE, 4)));
        ExecutionException failed = assertThrows(ExecutionException.class, failing::get);
        assertTrue(failed.getCause() instanceof SourceException, () -> "" + failed.getCause());
        ExecutionException stopped = assertThrows(ExecutionException.class, cancelled::get);
        assertTrue(stopped.getCause() instanceof InterruptedIOException, () -> "" + stopped.getCause());
        Backups.assertRestores(repository, first.get(), Backups.content(SIZE, 3));
        Backups.assertRestores(repository, second.get(), Backups.content(SIZE, 4));
        assertEquals(2, repository.snapshots().list().snapshots().size());
        Backups.assertRestores(repository, backUp("failing", Backups.content(SIZE, 1)), Backups.content(SIZE, 1));
        four.shutdown();
    }

    /** A session that honours other lists must not see the same index. */
    @Test
    void whoBeginsAfterACollectionSharesNoIndexWithThoseBefore() throws Exception {
        byte[] forgotten = Backups.content(SIZE, 1);
        Snapshot old = backUp("old", forgotten);
        try (WriteSession before = session("before")) {
            new SnapshotShelf(repository.backend()).forget(old);
            Warnings quiet = (code, message) -> {};
            try (WriteSession gc = WriteSession.openForCollection(repository, "gc", Duration.ZERO, notice -> {})) {
                Collection.run(gc, new CollectionOptions(10, 100, false), quiet, 7);
            }
            try (WriteSession after = session("after")) {
                boolean beforeKnows = false;
                for (ChunkId id : ids(old)) {
                    beforeKnows |= before.find(id) != null;
                    assertEquals(null, after.find(id), "condemned counts as absent for who begins now");
                }
                assertTrue(beforeKnows, "and as ever for who began before");
            }
        }
        Backups.assertRestores(repository, backUp("old", forgotten), forgotten);
    }

    private List<ChunkId> ids(Snapshot snapshot) {
        return List.of(snapshot.manifest().disks().get(0).mapRoot());
    }

    /** Whoever notices first that a pack is gone must not hide it from the others. */
    @Test
    void aVanishedPackIsNoticedByEverySessionThatSharesTheIndex() throws Exception {
        byte[] content = Backups.content(SIZE, 1);
        Snapshot first = backUp("first", content);
        List<String> packs = new ArrayList<>();
        location.backend().list("packs", (name, size) -> packs.add(name));
        List<byte[]> bytes = packs.stream().map(location.backend()::get).toList();
        try (WriteSession one = session("one");
                WriteSession two = session("two")) {
            for (String pack : packs) {
                location.backend().delete(pack);
            }
            for (WriteSession session : List.of(one, two)) {
                CorruptDataException gone =
                        assertThrows(CorruptDataException.class, () -> session.commit(first.manifest()));
                assertTrue(gone.getMessage().contains("gone"), gone.getMessage());
            }
        }
        for (int i = 0; i < packs.size(); i++) {
            location.backend().put(packs.get(i), bytes.get(i));
        }
        assertFalse(Backups.fsck(repository, FsckOptions.Level.DEEP).hasErrors());
    }
}
