package io.varve.adapters.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.port.ByteSource;
import io.varve.engine.range.Range;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every {@link ByteSource} promises. */
public abstract class ByteSourceContract {
    /** A source whose whole content is {@code content}. The caller closes it. */
    protected abstract ByteSource source(byte[] content) throws IOException;

    static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    @Test
    void readsAnyRangeIntoHeapAndDirectBuffers() throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        byte[] content = random(300_001, seed);
        try (ByteSource source = source(content)) {
            assertEquals(content.length, source.size());
            for (int round = 0; round < 300; round++) {
                int offset = random.nextInt(content.length + 1);
                int length = random.nextInt(content.length - offset + 1);
                int before = random.nextInt(5);
                int capacity = before + length + 7;
                ByteBuffer target =
                        random.nextBoolean() ? ByteBuffer.allocateDirect(capacity) : ByteBuffer.allocate(capacity);
                target.position(before).limit(before + length);
                source.read(offset, target);
                String label = "seed " + seed + " round " + round;
                assertEquals(before + length, target.position(), label);
                assertEquals(before + length, target.limit(), label);
                byte[] found = new byte[capacity];
                target.clear().get(found);
                byte[] expected = new byte[capacity];
                System.arraycopy(content, offset, expected, before, length);
                assertArrayEquals(expected, found, label);
            }
        }
    }

    @Test
    void readBehindTheEndIsEndOfFile() throws IOException {
        try (ByteSource source = source(random(5000, 1))) {
            assertThrows(EOFException.class, () -> source.read(4990, ByteBuffer.allocate(11)));
            assertThrows(EOFException.class, () -> source.read(5000, ByteBuffer.allocateDirect(1)));
            assertThrows(EOFException.class, () -> source.read(1L << 50, ByteBuffer.allocate(1)));
            assertThrows(EOFException.class, () -> source.read(Long.MAX_VALUE, ByteBuffer.allocate(1)));
            source.read(5000, ByteBuffer.allocate(0));
            assertThrows(IndexOutOfBoundsException.class, () -> source.read(-1, ByteBuffer.allocate(1)));
        }
    }

    @Test
    void emptyFile() throws IOException {
        try (ByteSource source = source(new byte[0])) {
            assertEquals(0, source.size());
            source.read(0, ByteBuffer.allocate(0));
            assertThrows(EOFException.class, () -> source.read(0, ByteBuffer.allocate(1)));
        }
    }

    @Test
    void dataRangesHoldEverythingThatIsNotZero() throws IOException {
        byte[] content = new byte[1 << 20];
        Arrays.fill(content, 70_000, 70_100, (byte) 1);
        Arrays.fill(content, 500_000, 800_000, (byte) 2);
        try (ByteSource source = source(content)) {
            for (Range window : List.of(
                    new Range(0, content.length),
                    new Range(70_050, 430_000),
                    new Range(1000, 1),
                    new Range(600_000, 1L << 40))) {
                long clipped = Math.min(window.endOffset(), content.length);
                for (Range range : source.dataRanges(window)) {
                    assertTrue(range.offset() >= window.offset() && range.endOffset() <= window.endOffset());
                }
                for (long i = window.offset(); i < clipped; i++) {
                    if (content[(int) i] != 0) {
                        assertTrue(source.dataRanges(window).contains(i), "data at " + i + " left out of " + window);
                        i += 997;
                    }
                }
            }
        }
    }

    @Test
    void manyThreadsReadAtOnce() throws Exception {
        byte[] content = random(1 << 20, 3);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (ByteSource source = source(content)) {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                SplittableRandom random = new SplittableRandom(thread);
                all.add(threads.submit(() -> {
                    for (int round = 0; round < 300; round++) {
                        int offset = random.nextInt(content.length - 9000);
                        ByteBuffer target = ByteBuffer.allocate(9000);
                        source.read(offset, target);
                        assertArrayEquals(Arrays.copyOfRange(content, offset, offset + 9000), target.array());
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
