package io.varve.store.pack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.backend.Backend;
import io.varve.store.backend.FileOperations;
import io.varve.store.backend.HostFileOperations;
import io.varve.store.backend.LocalBackend;
import io.varve.store.chunk.ChunkKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackBuffersTest {
    private static final int FRAMES = 300; // about 19 MiB, more than all buffers hold

    @TempDir
    Path folder;

    @Test
    void writtenBehindOrAtOnceAPackIsTheSame() throws IOException {
        byte[][] packs = new byte[2][];
        for (int i = 0; i < packs.length; i++) {
            try (Backend backend = new LocalBackend(Files.createDirectory(folder.resolve("" + i)));
                    PackBuffers buffers = i == 0 ? PackBuffers.atOnce() : PackBuffers.behind()) {
                packs[i] = Files.readAllBytes(folder.resolve("" + i)
                        .resolve(PackFormat.objectName(
                                write(backend, buffers, FRAMES).id())));
            }
        }
        assertTrue(packs[0].length > 18 << 20);
        assertArrayEquals(packs[0], packs[1]);
    }

    /** Nothing after a failed write, or the pack would have a gap; and its memory comes back. */
    @Test
    void afterAFailedWriteNothingIsWrittenOrPublished() throws IOException {
        Disk disk = new Disk();
        disk.failAt = 5;
        try (Backend backend = new LocalBackend(folder, disk);
                PackBuffers buffers = PackBuffers.behind()) {
            IOException failure = assertThrows(IOException.class, () -> write(backend, buffers, FRAMES));
            assertTrue(failure.getMessage().endsWith(": cannot write: the disk is full"), failure.getMessage());
            assertEquals(5, disk.appends.get());
            disk.failAt = -1;
            assertNotNull(assertTimeoutPreemptively(
                    Duration.ofMinutes(1), () -> write(backend, buffers, FRAMES), "buffers were lost"));
        }
        try (var packs = Files.walk(folder.resolve("packs"))) {
            assertEquals(1, packs.filter(Files::isRegularFile).count(), "only the second pack was published");
        }
    }

    /** A failure that comes when the last frame is in already. */
    @Test
    void aWriteThatFailsLateStopsPublishing() throws IOException {
        Disk disk = new Disk();
        disk.failAt = 1;
        disk.gate = new CountDownLatch(1);
        try (Backend backend = new LocalBackend(folder, disk);
                PackBuffers buffers = PackBuffers.behind();
                PackWriter pack = new PackWriter(backend, Packs.REPOSITORY, 0, Set.of(), buffers)) {
            for (int i = 0; i < 40; i++) { // two and a half buffers
                Packs.append(pack, ChunkKind.BLOCK, Packs.random(64 << 10, i));
            }
            disk.gate.countDown();
            assertThrows(IOException.class, pack::publish);
        }
        assertTrue(Files.notExists(folder.resolve("packs")));
    }

    /** Who fills them waits when all are on their way to a slow disk, and no longer. */
    @Test
    void memoryIsBounded() throws Exception {
        Disk disk = new Disk();
        disk.gate = new CountDownLatch(1);
        AtomicInteger appended = new AtomicInteger();
        try (Backend backend = new LocalBackend(folder, disk);
                PackBuffers buffers = PackBuffers.behind();
                PackWriter pack = new PackWriter(backend, Packs.REPOSITORY, 0, Set.of(), buffers)) {
            Thread filler = new Thread(() -> {
                try {
                    for (; appended.get() < FRAMES; appended.incrementAndGet()) {
                        Packs.append(pack, ChunkKind.BLOCK, Packs.random(64 << 10, appended.get()));
                    }
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            filler.start();
            while (filler.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            assertTrue(appended.get() * (64 << 10) <= 6 << 20, appended + " blocks are in memory");
            disk.gate.countDown();
            filler.join();
            assertEquals(FRAMES, appended.get());
        }
    }

    private static PackWriter.SealedPack write(Backend backend, PackBuffers buffers, int frames) throws IOException {
        try (PackWriter pack = new PackWriter(backend, Packs.REPOSITORY, 0, Set.of(), buffers)) {
            for (int i = 0; i < frames; i++) {
                Packs.append(pack, ChunkKind.BLOCK, Packs.random(64 << 10, i));
            }
            return pack.publish();
        }
    }

    /** The host's, but one write fails, or all wait. */
    private static final class Disk implements FileOperations {
        private final FileOperations host = new HostFileOperations();
        private final AtomicInteger appends = new AtomicInteger();
        private volatile int failAt = -1;
        private volatile CountDownLatch gate = new CountDownLatch(0);

        @Override
        public WritableFile create(Path file) throws IOException {
            WritableFile real = host.create(file);
            return new WritableFile() {
                @Override
                public void append(ByteBuffer bytes) throws IOException {
                    try {
                        gate.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    if (appends.incrementAndGet() == failAt) {
                        throw new IOException("the disk is full");
                    }
                    real.append(bytes);
                }

                @Override
                public void sync() throws IOException {
                    real.sync();
                }

                @Override
                public void close() throws IOException {
                    real.close();
                }
            };
        }

        @Override
        public void createDirectory(Path directory) throws IOException {
            host.createDirectory(directory);
        }

        @Override
        public void publish(Path staged, Path name) throws IOException {
            host.publish(staged, name);
        }

        @Override
        public void link(Path file, Path name) throws IOException {
            host.link(file, name);
        }

        @Override
        public void delete(Path file) throws IOException {
            host.delete(file);
        }

        @Override
        public void syncDirectory(Path directory) throws IOException {
            host.syncDirectory(directory);
        }
    }
}
