package io.varve.adapters.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.varve.engine.port.DiskImage;
import io.varve.engine.port.DiskTarget;
import io.varve.engine.range.Range;
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

/** What every {@link DiskTarget} promises. */
public abstract class DiskTargetContract {
    private static final int PIECE = 64 << 10;

    /** A new target, or an existing one full of zeros. The caller closes it. */
    protected abstract DiskTarget target(long size) throws IOException;

    /** What the last committed target holds, opened by whatever reads it. The caller closes it. */
    protected abstract DiskImage written() throws IOException;

    protected final byte[] contentOf(DiskImage image) throws IOException {
        byte[] content = new byte[(int) image.size()];
        image.read(0, ByteBuffer.wrap(content));
        return content;
    }

    @Test
    void untouchedTargetReadsAsZeros() throws IOException {
        try (DiskTarget target = target(5 << 20)) {
            assertEquals(5 << 20, target.size());
            target.commit();
        }
        try (DiskImage image = written()) {
            assertEquals(-1, Arrays.mismatch(new byte[5 << 20], contentOf(image)));
        }
    }

    @Test
    void lastWriteOrZeroWins() throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        byte[] model = new byte[(11 << 20) + 4096];
        try (DiskTarget target = target(model.length)) {
            for (int step = 0; step < 120; step++) {
                int offset = random.nextInt(model.length);
                int length = random.nextInt(Math.min(model.length - offset, 2 << 20)) + 1;
                if (random.nextInt(4) == 0) {
                    Arrays.fill(model, offset, offset + length, (byte) 0);
                    target.zero(new Range(offset, length));
                } else {
                    byte[] data = new byte[length];
                    if (random.nextInt(4) > 0) {
                        random.nextBytes(data);
                    }
                    System.arraycopy(data, 0, model, offset, length);
                    ByteBuffer source = random.nextBoolean()
                            ? ByteBuffer.allocateDirect(length + 2)
                            : ByteBuffer.allocate(length + 2);
                    source.position(1).put(data).position(1).limit(1 + length);
                    target.write(offset, source);
                    assertEquals(1 + length, source.position());
                    assertEquals(1 + length, source.limit());
                }
            }
            target.commit();
        }
        try (DiskImage image = written()) {
            assertEquals(-1, Arrays.mismatch(model, contentOf(image)), "seed " + seed);
        }
    }

    @Test
    void manyThreadsWriteDisjointRanges() throws Exception {
        byte[] model = new byte[24 << 20];
        new SplittableRandom(3).nextBytes(model);
        Arrays.fill(model, 5 << 20, 9 << 20, (byte) 0);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (DiskTarget target = target(model.length)) {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                int first = thread;
                all.add(threads.submit(() -> {
                    for (int piece = first; piece < model.length / PIECE; piece += 8) {
                        target.write((long) piece * PIECE, ByteBuffer.wrap(model, piece * PIECE, PIECE));
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
            target.commit();
        } finally {
            threads.shutdownNow();
        }
        try (DiskImage image = written()) {
            assertEquals(-1, Arrays.mismatch(model, contentOf(image)));
        }
    }

    @Test
    void rangeOutsideTheTargetIsRefused() throws IOException {
        try (DiskTarget target = target(1 << 20)) {
            assertThrows(IndexOutOfBoundsException.class, () -> target.write((1 << 20) - 1, ByteBuffer.allocate(2)));
            assertThrows(IndexOutOfBoundsException.class, () -> target.write(-1, ByteBuffer.allocate(2)));
            assertThrows(IndexOutOfBoundsException.class, () -> target.zero(new Range((1 << 20) - 1, 2)));
            assertThrows(IndexOutOfBoundsException.class, () -> target.zero(new Range(1, Long.MAX_VALUE - 1)));
        }
    }
}
