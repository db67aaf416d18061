package io.varve.engine.restore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.backup.Backups;
import io.varve.engine.backup.ForwardingBackend;
import io.varve.store.Folder;
import io.varve.store.Repository;
import io.varve.store.backend.LocalBackend;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packs that come from far away: more of them are read at a time than there are threads. */
class SlowReadsTest {
    private static final int TOGETHER = 6; // Backups.restore has two threads: four workers, and four helpers

    @TempDir
    Path root;

    /** Reads of chunks wait for each other, so that only who reads several at a time gets on quickly. */
    private static final class FarAway extends ForwardingBackend {
        private final AtomicInteger inside = new AtomicInteger();
        private final CountDownLatch together = new CountDownLatch(1);

        FarAway(Path root) {
            super(new LocalBackend(root));
        }

        @Override
        public void read(String name, long offset, ByteBuffer target) throws IOException {
            boolean chunks = name.startsWith("packs/") && target.remaining() > 64 << 10; // no map page is as long
            if (chunks) {
                if (inside.incrementAndGet() == TOGETHER) {
                    together.countDown();
                }
                await(together, 50);
            }
            super.read(name, offset, target);
            if (chunks) {
                inside.decrementAndGet();
            }
        }
    }

    private static boolean await(CountDownLatch latch, int millis) {
        try {
            return latch.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void severalAreUnderWayAtATime() throws IOException {
        byte[] disk = Backups.content(32 << 20, 5);
        Snapshot snapshot;
        try (Repository repository = Backups.init(root)) {
            snapshot = Backups.backUp(repository, Backups.disk("disk", disk));
        }
        FarAway backend = new FarAway(root);
        try (Repository repository = Repository.open(new Folder(root, backend))) {
            assertArrayEquals(
                    disk,
                    Backups.restore(repository, snapshot.manifest().disks().get(0)));
        }
        assertTrue(await(backend.together, 0), "never " + TOGETHER + " reads at a time");
    }

    @Test
    void aProcessorIsKeptWhileReadingIsFast() throws IOException {
        Processors processors = new Processors(1);
        assertFalse(anotherWorksMeanwhile(processors, 100));
    }

    @Test
    void whileReadingIsSlowAnotherUsesIt() throws IOException {
        Processors processors = new Processors(1);
        processors.speed().add(1, 1_000_000_000);
        assertTrue(anotherWorksMeanwhile(processors, 10_000));
    }

    @Test
    void afterAFailureThereAreNoMoreThanBefore() throws IOException {
        Processors processors = new Processors(1);
        processors.speed().add(1, 1_000_000_000);
        assertThrows(
                IOException.class,
                () -> processors.use(() -> processors.read(1 << 30, () -> {
                    throw new IOException("no such sector");
                })));
        assertFalse(processors.speed().isSlow());
        assertFalse(anotherWorksMeanwhile(processors, 100));
    }

    /** Whether somebody else gets a processor while one reads. */
    private static boolean anotherWorksMeanwhile(Processors processors, int millis) throws IOException {
        CountDownLatch works = new CountDownLatch(1);
        boolean[] meanwhile = new boolean[1];
        processors.use(() -> processors.read(1, () -> {
            new Thread(() -> {
                        try {
                            processors.use(works::countDown);
                        } catch (IOException e) {
                            throw new AssertionError(e);
                        }
                    })
                    .start();
            meanwhile[0] = await(works, millis);
        }));
        return meanwhile[0];
    }
}
