package io.varve.engine.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.Cancellation;
import io.varve.engine.Pace;
import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.CheckpointDisk;
import io.varve.engine.port.SourceException;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.store.Repository;
import io.varve.store.check.FsckOptions;
import io.varve.store.chunk.Compression;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several disks of one backup, at the same time. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DisksAtOnceTest {
    private static final int RUN = 16 << 10;
    private static final int SIZE = 100 * RUN;

    @TempDir
    Path root;

    private Repository repository;
    private final WatchedDisk.Watch watch = new WatchedDisk.Watch();

    @BeforeEach
    void init() throws IOException {
        repository = Backups.init(root.resolve("repository"));
    }

    @AfterEach
    void everyTestEndsWithFsck() throws IOException {
        assertEquals(0, watch.inFlight());
        assertEquals(List.of(), Backups.fsck(repository, FsckOptions.Level.DEEP).findings());
        repository.close();
    }

    private static BackupOptions options(int threads, int disksAtOnce, double audit) {
        return new BackupOptions(threads, RUN, audit, 1, Compression.LZ4, Pace.UNLIMITED, disksAtOnce);
    }

    private Snapshot backUp(BackupOptions options, BackupListener listener, List<CheckpointDisk> disks)
            throws IOException {
        return Backups.backUp(repository, options, listener, new Cancellation(), new Backups.TestCheckpoint(disks));
    }

    private WatchedDisk disk(byte[] content, WatchedDisk.WhileReading whileReading) {
        return new WatchedDisk(content, watch, whileReading);
    }

    private static CheckpointDisk named(String name, WatchedDisk disk, ChangeTracker tracker) {
        return new CheckpointDisk(name, true, disk, tracker);
    }

    /** No block of one disk is on another, so that it is certain for which disk it is stored; a tenth are zeros. */
    private static byte[] ownContent(int size, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] content = new byte[size];
        for (int at = 0; at < size; at += Backups.BLOCK) {
            if (random.nextInt(10) > 0) {
                byte[] block = new byte[Math.min(Backups.BLOCK, size - at)];
                random.nextBytes(block);
                System.arraycopy(block, 0, content, at, block.length / 2);
            }
        }
        return content;
    }

    /** The first read of each disk ends when every disk has begun one: so all are at work at once, or none ends. */
    @Test
    void togetherTheyComeToWhatTheyComeToOneByOne() throws IOException {
        List<byte[]> contents = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            contents.add(ownContent(SIZE / (i + 1) + i, i));
        }
        Snapshot together = null;
        Snapshot oneByOne = null;
        try (Repository other = Repository.init(root.resolve("other"), repository.config())) {
            for (int night = 0; night < 2; night++) {
                CountDownLatch all = new CountDownLatch(contents.size());
                List<CheckpointDisk> watched = new ArrayList<>();
                List<CheckpointDisk> plain = new ArrayList<>();
                for (int i = 0; i < contents.size(); i++) {
                    Range written = new Range(10_000L * i, 100_000);
                    if (night > 0) {
                        byte[] fresh = ownContent((int) written.length(), 10 + i);
                        System.arraycopy(fresh, 0, contents.get(i), (int) written.offset(), fresh.length);
                    }
                    ChangeTracker tracker = night == 0
                            ? TestTracker.tokenOnly("t0")
                            : TestTracker.known("t0", RangeSet.of(written), "t1");
                    AtomicBoolean begun = new AtomicBoolean();
                    WatchedDisk.WhileReading meet = () -> {
                        if (begun.compareAndSet(false, true)) {
                            all.countDown();
                            WatchedDisk.await(all);
                        }
                    };
                    watched.add(named("disk" + i, disk(contents.get(i), meet), tracker));
                    plain.add(Backups.disk("disk" + i, new MemoryDisk(contents.get(i), null), tracker));
                }
                together = backUp(options(2, contents.size(), 0), new Backups.Log(), watched);
                oneByOne = Backups.backUp(
                        other,
                        options(2, 1, 0),
                        new Backups.Log(),
                        new Cancellation(),
                        new Backups.TestCheckpoint(plain));
                assertEquals(facts(oneByOne), facts(together), "night " + night);
            }
        }
        assertEquals("incremental", together.manifest().disks().get(3).mode());
        Backups.assertRestores(repository, together, contents.toArray(byte[][]::new));
    }

    private static List<String> facts(Snapshot snapshot) {
        return snapshot.manifest().disks().stream()
                .map(disk -> disk.number() + " " + disk.name() + " " + disk.mode() + " "
                        + disk.mapRoot().hex() + " " + disk.counters())
                .toList();
    }

    @Test
    void memoryDoesNotGrowWithTheNumberOfDisks() throws IOException {
        int threads = 2;
        List<CheckpointDisk> disks = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            disks.add(named("disk" + i, disk(ownContent(SIZE, i), () -> {}), ChangeTracker.none()));
        }
        backUp(options(threads, 4, 0), new Backups.Log(), disks);
        assertTrue(watch.buffers() <= 2 * threads, watch.buffers() + " buffers");
        assertTrue(watch.mostInFlight() <= 2 * threads, watch.mostInFlight() + " reads at once");
    }

    /** After some slow reads, two wait for each other. */
    @Test
    void oneProcessorReadsAheadWhereReadingIsSlow() throws IOException {
        AtomicInteger reads = new AtomicInteger();
        CountDownLatch two = new CountDownLatch(2);
        WatchedDisk disk = disk(ownContent(SIZE, 1), () -> {
            if (reads.incrementAndGet() <= 4) {
                LockSupport.parkNanos(10_000_000);
            } else {
                two.countDown();
                WatchedDisk.await(two);
            }
        });
        backUp(options(1, 1, 0), new Backups.Log(), List.of(named("disk", disk, ChangeTracker.none())));
        assertEquals(2, watch.mostInFlight());
        assertEquals(2, watch.buffers());
    }

    /** Counts the disks between start and end. */
    private static final class Running implements BackupListener {
        private final AtomicInteger now = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();

        @Override
        public void on(BackupEvent event) {
            if (event instanceof BackupEvent.DiskStarted) {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
            } else if (event instanceof BackupEvent.DiskDone) {
                now.decrementAndGet();
            }
        }
    }

    @Test
    void noMoreThanWereAskedFor() throws IOException {
        for (int atOnce = 1; atOnce <= 2; atOnce++) {
            List<CheckpointDisk> disks = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                disks.add(named("disk" + i, disk(ownContent(SIZE / 4, i), () -> {}), ChangeTracker.none()));
            }
            Running running = new Running();
            backUp(options(2, atOnce, 0), running, disks);
            assertTrue(running.most.get() <= atOnce, running.most + " disks at once");
        }
    }

    /** What one read does; the others of the disk just read, so that nobody holds all places. */
    private static WatchedDisk.WhileReading once(WatchedDisk.WhileReading action) {
        AtomicBoolean done = new AtomicBoolean();
        return () -> {
            if (done.compareAndSet(false, true)) {
                action.run();
            }
        };
    }

    /** Whether the worker that this thread was has nothing left to do. */
    private static boolean isIdle(Thread thread) {
        return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TERMINATED;
    }

    /**
     * The second disk fails; the first, which is in a read then, fails after that; the third would take hours. The
     * second's is the failure that counts.
     */
    @Test
    void aFailingDiskStopsTheOthersAndTheFirstFailureCounts() throws IOException {
        AtomicReference<Thread> failing = new AtomicReference<>();
        CountDownLatch bothRead = new CountDownLatch(2);
        CountDownLatch failed = new CountDownLatch(1);
        AtomicBoolean failedLater = new AtomicBoolean();
        WatchedDisk first = disk(ownContent(SIZE, 1), once(() -> {
            bothRead.countDown();
            WatchedDisk.await(failed);
            while (!isIdle(failing.get())) {
                Thread.onSpinWait();
            }
            failedLater.set(true);
            throw new IOException("failed later");
        }));
        WatchedDisk second = disk(ownContent(SIZE, 2), once(() -> {
            bothRead.countDown();
            WatchedDisk.await(bothRead);
            failing.set(Thread.currentThread());
            failed.countDown();
            throw new IOException("failed first");
        }));
        WatchedDisk endless = disk(new byte[SIZE], () -> {}).repeated(10_000_000);
        Backups.TestCheckpoint checkpoint = new Backups.TestCheckpoint(List.of(
                named("first", first, ChangeTracker.none()),
                named("second", second, ChangeTracker.none()),
                named("endless", endless, ChangeTracker.none())));
        SourceException e = assertThrows(
                SourceException.class,
                () -> Backups.backUp(repository, options(2, 3, 0), new Backups.Log(), new Cancellation(), checkpoint));
        assertTrue(e.getMessage().endsWith("failed first"), e.getMessage());
        assertTrue(failedLater.get());
        assertTrue(endless.bytesRead() < endless.size());
        assertTrue(checkpoint.closed);
        assertFalse(checkpoint.committed);
        assertEquals(List.of(), repository.snapshots().list().snapshots());
    }

    /** What fails before a disk has workers stops the others, too. */
    @Test
    void aDiskThatCannotBePlannedStopsTheOthers() throws IOException {
        WatchedDisk endless = disk(new byte[SIZE], () -> {}).repeated(10_000_000);
        CheckpointDisk broken = named(
                "broken",
                new WatchedDisk(new byte[SIZE], watch, () -> {}) {
                    @Override
                    public RangeSet allocated(Range window) throws IOException {
                        throw new IOException("no table");
                    }
                },
                ChangeTracker.none());
        SourceException e = assertThrows(
                SourceException.class,
                () -> backUp(
                        options(2, 2, 0),
                        new Backups.Log(),
                        List.of(named("endless", endless, ChangeTracker.none()), broken)));
        assertTrue(e.getMessage().endsWith("no table"), e.getMessage());
    }

    /** Invariant 9. The honest disk is in one and the same read while the other is caught and read again, whole. */
    @Test
    void aListThatLiesDemotesItsOwnDiskWhileAnotherGoesOn() throws IOException {
        byte[] lying = ownContent(SIZE, 1);
        byte[] honest = ownContent(SIZE, 2);
        backUp(
                options(2, 2, 0),
                new Backups.Log(),
                List.of(
                        named("lying", disk(lying, () -> {}), TestTracker.tokenOnly("a0")),
                        named("honest", disk(honest, () -> {}), TestTracker.tokenOnly("b0"))));
        lying[SIZE / 2] ^= 1;
        CountDownLatch honestReads = new CountDownLatch(1);
        CountDownLatch lyingDone = new CountDownLatch(1);
        Backups.Log log = new Backups.Log() {
            @Override
            public synchronized void on(BackupEvent event) {
                super.on(event);
                if (event instanceof BackupEvent.DiskDone done
                        && done.disk().name().equals("lying")) {
                    lyingDone.countDown();
                }
            }
        };
        WatchedDisk slow = disk(honest, once(() -> {
            honestReads.countDown();
            WatchedDisk.await(lyingDone);
        }));
        WatchedDisk caught = disk(lying, once(() -> WatchedDisk.await(honestReads)));
        Snapshot second = backUp(
                options(2, 2, 1),
                log,
                List.of(
                        named("lying", caught, TestTracker.known("a0", RangeSet.empty(), "a1")),
                        named("honest", slow, TestTracker.known("b0", RangeSet.empty(), "b1"))));
        DiskRecord demoted = second.manifest().disks().get(0);
        DiskRecord untouched = second.manifest().disks().get(1);
        assertEquals("audit-mismatch", demoted.reasonCode());
        assertEquals("incremental", untouched.mode());
        assertEquals(SIZE, untouched.counters().read());
        assertEquals(SIZE, slow.bytesRead());
        assertEquals(List.of("audit-mismatch"), log.warnings);
        assertEquals("lying", log.disks.get(0).name());
        Backups.assertRestores(repository, second, lying, honest);
    }

    /** A read cannot be broken off; when it returns, that was all. */
    @Test
    void aStopEndsWithTheReadThatIsUnderWay() throws Exception {
        Cancellation cancellation = new Cancellation();
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        WatchedDisk stuck = disk(ownContent(SIZE, 1), once(() -> {
            reading.countDown();
            WatchedDisk.await(goOn);
        }));
        WatchedDisk endless = disk(new byte[SIZE], () -> {}).repeated(10_000_000);
        FutureTask<Snapshot> backup = new FutureTask<>(() -> Backups.backUp(
                repository,
                options(1, 2, 0),
                new Backups.Log(),
                cancellation,
                new Backups.TestCheckpoint(List.of(
                        named("stuck", stuck, ChangeTracker.none()),
                        named("endless", endless, ChangeTracker.none())))));
        new Thread(backup, "test-backup").start();
        WatchedDisk.await(reading);
        cancellation.request();
        while (watch.inFlight() > 1) {
            Thread.sleep(1);
        }
        long read = endless.bytesRead();
        assertThrows(TimeoutException.class, () -> backup.get(100, TimeUnit.MILLISECONDS));
        assertTrue(endless.bytesRead() <= read + RUN, "another disk was read on");
        goOn.countDown();
        ExecutionException e = assertThrows(ExecutionException.class, () -> backup.get(1, TimeUnit.MINUTES));
        assertInstanceOf(InterruptedIOException.class, e.getCause());
        assertEquals(List.of(), repository.snapshots().list().snapshots());
    }
}
