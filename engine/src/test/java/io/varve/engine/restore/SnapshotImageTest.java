package io.varve.engine.restore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.backup.Backups;
import io.varve.engine.backup.ForwardingBackend;
import io.varve.engine.backup.MemoryDisk;
import io.varve.engine.port.ChangeTracker;
import io.varve.store.Folder;
import io.varve.store.Repository;
import io.varve.store.backend.LocalBackend;
import io.varve.store.chunk.ChunkHasher;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.session.ReadSession;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A restored disk for many readers at once. */
class SnapshotImageTest {
    private static final int SIZE = 3_000_001;
    private static final int READERS = 8;

    @TempDir
    Path root;

    private final byte[] content = new byte[SIZE];
    private final WatchedPacks packs = new WatchedPacks();
    private Snapshot snapshot;
    private Repository repository;
    private ReadSession session;

    /** What is done around each read of a pack. */
    private interface Around {
        void reading(String object, long offset) throws IOException;
    }

    private static final class WatchedPacks implements Around {
        private volatile Around around = (object, offset) -> {};
        private final AtomicInteger reads = new AtomicInteger();
        private final AtomicInteger inside = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();

        @Override
        public void reading(String object, long offset) throws IOException {
            if (object.startsWith("packs/")) {
                reads.incrementAndGet();
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                try {
                    around.reading(object, offset);
                } finally {
                    inside.decrementAndGet();
                }
            }
        }
    }

    @BeforeEach
    void backUp() throws IOException {
        new SplittableRandom(1).nextBytes(content);
        Arrays.fill(content, 1_000_000, 1_500_000, (byte) 0);
        try (Repository written = Backups.init(root)) {
            snapshot =
                    Backups.backUp(written, Backups.disk("disk", new MemoryDisk(content, null), ChangeTracker.none()));
        }
        repository = Repository.open(new Folder(root, new ForwardingBackend(new LocalBackend(root)) {
            @Override
            public void read(String name, long offset, ByteBuffer target) throws IOException {
                packs.reading(name, offset);
                super.read(name, offset, target);
            }
        }));
        session = ReadSession.open(repository, notice -> {});
    }

    @AfterEach
    void close() throws IOException {
        session.close();
        repository.close();
    }

    private SnapshotImage image(int blocks) {
        return new SnapshotImage(session, snapshot.manifest().disks().get(0), "test", (long) blocks * Backups.BLOCK);
    }

    private void check(SnapshotImage image, long offset, int length) throws IOException {
        ByteBuffer part = ByteBuffer.allocate(length);
        image.read(offset, part);
        assertEquals(0, part.remaining());
        assertArrayEquals(
                Arrays.copyOfRange(content, (int) offset, (int) offset + length), part.array(), offset + "+" + length);
    }

    /** Pages of the map are read by whoever meets them first; here they are there. */
    private void readMap(SnapshotImage image) throws IOException {
        for (int offset = 2_999_000; offset >= 0; offset -= 256 * Backups.BLOCK) {
            check(image, offset, 1);
        }
    }

    private static void together(Callable<?> work) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(READERS);
        try {
            List<Future<?>> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                readers.add(executor.submit(work));
            }
            for (Future<?> reader : readers) {
                reader.get(1, TimeUnit.MINUTES);
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void manyReadersOfASmallCacheGetWhatIsThere() throws Exception {
        AtomicInteger seeds = new AtomicInteger();
        try (SnapshotImage image = image(12)) {
            together(() -> {
                int number = seeds.getAndIncrement();
                SplittableRandom random = new SplittableRandom(number);
                long next = 0;
                for (int i = 0; i < 150; i++) {
                    int length = random.nextInt(number == 7 ? 200_000 : 20_000);
                    long offset = number % 2 == 0 ? random.nextInt(SIZE - length) : next;
                    offset = offset + length > SIZE ? 0 : offset;
                    check(image, offset, length);
                    next = offset + length;
                }
                return null;
            });
            check(image, 0, SIZE);
        }
    }

    @Test
    void readersAreInThePacksAtTheSameTime() throws Exception {
        CyclicBarrier all = new CyclicBarrier(READERS);
        AtomicInteger readers = new AtomicInteger();
        try (SnapshotImage image = image(100)) {
            readMap(image);
            packs.around = (object, offset) -> {
                try {
                    all.await(30, TimeUnit.SECONDS);
                } catch (Exception e) {
                    throw new IOException("the others never came: one reads at a time", e);
                }
            };
            together(() -> {
                check(image, (400L + 10L * readers.getAndIncrement()) * Backups.BLOCK, 100); // one block each
                return null;
            });
            assertEquals(READERS, packs.most.get());
        }
    }

    @Test
    void aChunkThatAllWantIsReadOnce() throws Exception {
        CountDownLatch asked = new CountDownLatch(READERS);
        try (SnapshotImage image = image(100)) {
            readMap(image);
            int before = packs.reads.get();
            packs.around = (object, offset) -> {
                try {
                    asked.await(5, TimeUnit.SECONDS);
                    Thread.sleep(100); // the others are on their way to it
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            };
            together(() -> {
                asked.countDown();
                check(image, 1_600_000, 100);
                return null;
            });
            assertEquals(before + 1, packs.reads.get());
            check(image, 1_600_000, 100);
            assertEquals(before + 1, packs.reads.get(), "it is kept");
        }
    }

    @Test
    void whoReadsOnFindsItThere() throws Exception {
        try (SnapshotImage image = image(400)) {
            for (int offset = 1_600_000; offset < 1_800_000; offset += 10_000) {
                check(image, offset, 10_000);
                Thread.sleep(5);
            }
            int before = packs.reads.get();
            for (int i = 0; i < 200 && packs.inside.get() > 0; i++) {
                Thread.sleep(10);
            }
            packs.around = (object, offset) -> {
                throw new IOException("not read ahead");
            };
            check(image, 1_800_000, 10_000);
            assertTrue(packs.reads.get() - before < 10, "" + (packs.reads.get() - before));
        }
    }

    @Test
    void whoJumpsHasNothingReadAhead() throws Exception {
        try (SnapshotImage image = image(400)) {
            readMap(image);
            int before = packs.reads.get();
            for (int offset : new int[] {1_600_000, 1_700_000, 1_620_000, 2_000_000, 1_800_000, 500_000}) {
                check(image, offset, 10);
            }
            Thread.sleep(50);
            assertEquals(6, packs.reads.get() - before);
        }
    }

    @Test
    void aFailureCostsItsReaderAloneAndIsNotKept() throws Exception {
        try (SnapshotImage image = image(100)) {
            readMap(image);
            check(image, 1_600_000, 100);
            packs.around = (object, offset) -> {
                throw new CorruptDataException(object, offset, "played", "played");
            };
            assertThrows(CorruptDataException.class, () -> check(image, 2_000_000, 100));
            assertThrows(CorruptDataException.class, () -> check(image, 1_590_000, 20_000));
            check(image, 1_600_000, 100);
            packs.around = (object, offset) -> {};
            check(image, 2_000_000, 100);
            check(image, 1_590_000, 20_000);
        }
    }

    @Test
    void closingWaitsForWhatIsReadAhead() throws Exception {
        CountDownLatch mayGoOn = new CountDownLatch(1);
        CountDownLatch isReading = new CountDownLatch(1);
        SnapshotImage image = image(400);
        check(image, 1_600_000, 4096);
        packs.around = (object, offset) -> {
            if (Thread.currentThread().getName().equals("varve-read-ahead")) {
                isReading.countDown();
                try {
                    mayGoOn.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
        };
        for (int i = 1; i < 6; i++) {
            ByteBuffer part = ByteBuffer.allocate(100);
            image.read(1_600_000 + 4096 + 100 * i - 100, part);
        }
        assertTrue(isReading.await(1, TimeUnit.MINUTES), "nobody reads ahead");
        Thread closing = new Thread(image::close);
        closing.start();
        closing.join(300);
        boolean waited = closing.isAlive();
        mayGoOn.countDown();
        closing.join(TimeUnit.MINUTES.toMillis(1));
        assertTrue(waited, "closed under the hands of who reads ahead");
        assertEquals(0, packs.inside.get());
    }

    @Test
    void theCacheIsBounded() throws IOException {
        ChunkCache cache = new ChunkCache(10_000, 1000);
        List<ChunkCache.Entry> claimed = new ArrayList<>();
        ChunkCache.Entry used = cache.hold(Ids.id(0), 1000, claimed);
        cache.loaded(used);
        cache.release(List.of(used));
        for (int i = 1; i < 100; i++) {
            ChunkCache.Entry entry = cache.hold(Ids.id(i), 1000, claimed);
            cache.loaded(entry);
            cache.release(List.of(entry));
            assertEquals(used, cache.hold(Ids.id(0), 1000, claimed)); // used all the time: stays
            cache.release(List.of(used));
            assertTrue(cache.bytes() <= 10_000, "" + cache.bytes());
        }
        assertEquals(100, claimed.size());
        ChunkCache.Entry failed = cache.hold(Ids.id(1000), 1000, claimed);
        cache.failed(failed, new IOException("played"));
        cache.release(List.of(failed));
        assertEquals(cache.entries().size() * 1000L, cache.bytes());
    }

    @Test
    void whatIsHeldIsNotUsedForAnotherChunk() {
        ChunkCache cache = new ChunkCache(2000, 1000);
        List<ChunkCache.Entry> claimed = new ArrayList<>();
        ChunkCache.Entry held = cache.hold(Ids.id(0), 1000, claimed);
        ChunkCache.Entry failed = cache.hold(Ids.id(1), 1000, claimed);
        held.content().put(0, (byte) 7);
        failed.content().put(0, (byte) 8);
        cache.loaded(held);
        cache.failed(failed, new IOException("played"));
        for (int i = 2; i < 10; i++) {
            ChunkCache.Entry other = cache.hold(Ids.id(i), 1000, claimed);
            other.content().put(0, (byte) 1);
            cache.loaded(other);
            cache.release(List.of(other));
        }
        assertEquals(7, held.content().get(0));
        assertEquals(8, failed.content().get(0));
        cache.release(List.of(held, failed));
        assertTrue(cache.bytes() <= 2000, "" + cache.bytes());
    }

    private static final class Ids {
        static ChunkId id(int number) {
            return new ChunkHasher()
                    .id(ByteBuffer.allocateDirect(4).putInt(number).flip());
        }
    }
}
