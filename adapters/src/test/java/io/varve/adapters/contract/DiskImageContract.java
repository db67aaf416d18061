package io.varve.adapters.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.port.DiskImage;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
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

/** What every {@link DiskImage} promises, checked against the content it was made from. */
public abstract class DiskImageContract {
    /** A disk with exactly this content. The caller closes it. */
    protected abstract DiskImage image(byte[] content) throws IOException;

    /** What {@link DiskImage#format()} has to say. */
    protected abstract String format();

    /** Some parts data, some zeros, ending in the middle of whatever unit the format has. */
    static byte[] content(SplittableRandom random) {
        byte[] content = new byte[(9 << 20) + 5 * 4096];
        for (int part = 0; part < 6; part++) {
            int offset = random.nextInt(content.length);
            int length = random.nextInt(Math.min(content.length - offset, 1 << 20)) + 1;
            byte[] data = new byte[length];
            random.nextBytes(data);
            System.arraycopy(data, 0, content, offset, length);
        }
        content[content.length - 1] = 9;
        return content;
    }

    @Test
    void readsAnyRange() throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        byte[] content = content(random);
        try (DiskImage image = image(content)) {
            assertEquals(content.length, image.size());
            assertEquals(format(), image.format());
            assertFalse(image.location().isEmpty());
            assertTrue(List.of(512, 4096).contains(image.logicalSectorSize()));
            assertTrue(List.of(512, 4096).contains(image.physicalSectorSize()));
            for (int round = 0; round < 200; round++) {
                int offset = random.nextInt(content.length + 1);
                int length = random.nextInt(Math.min(content.length - offset, 3 << 20) + 1);
                ByteBuffer target =
                        random.nextBoolean() ? ByteBuffer.allocateDirect(length + 3) : ByteBuffer.allocate(length + 3);
                target.putShort(1 + length, (short) 0x5A5A);
                target.position(1).limit(1 + length);
                image.read(offset, target);
                assertEquals(1 + length, target.position());
                assertEquals(1 + length, target.limit());
                target.limit(length + 3);
                assertEquals(0x5A5A, target.getShort(1 + length) & 0xFFFF, "wrote behind the limit, seed " + seed);
                ByteBuffer expected = ByteBuffer.wrap(content, offset, length);
                assertEquals(
                        -1,
                        expected.mismatch(target.position(1).limit(1 + length)),
                        "seed " + seed + " round " + round + " offset " + offset + " length " + length);
            }
        }
    }

    @Test
    void rangeOutsideTheDiskIsRefused() throws IOException {
        byte[] content = content(new SplittableRandom(1));
        try (DiskImage image = image(content)) {
            assertThrows(IndexOutOfBoundsException.class, () -> image.read(content.length - 3, ByteBuffer.allocate(4)));
            assertThrows(IndexOutOfBoundsException.class, () -> image.read(-1, ByteBuffer.allocate(1)));
            assertThrows(IndexOutOfBoundsException.class, () -> image.read(Long.MAX_VALUE, ByteBuffer.allocate(1)));
            image.read(content.length, ByteBuffer.allocate(0));
        }
    }

    @Test
    void whatIsNotAllocatedIsZero() throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        byte[] content = content(random);
        byte[] zeros = new byte[content.length];
        try (DiskImage image = image(content)) {
            for (int round = 0; round < 50; round++) {
                long offset = random.nextLong(content.length);
                Range window = new Range(offset, 1 + random.nextLong(content.length));
                RangeSet allocated = image.allocated(window);
                assertEquals(allocated, allocated.clip(window), "seed " + seed);
                assertEquals(allocated, allocated.clip(new Range(0, content.length)), "seed " + seed);
                long clipped = Math.min(window.endOffset(), content.length);
                for (Range gap : RangeSet.of(Range.between(offset, clipped)).minus(allocated)) {
                    int from = (int) gap.offset();
                    int end = (int) gap.endOffset();
                    int wrong = Arrays.mismatch(content, from, end, zeros, from, end);
                    assertEquals(-1, wrong, "seed " + seed + ": left out " + gap);
                }
            }
            assertTrue(image.allocated(new Range(content.length, 10)).isEmpty());
        }
    }

    @Test
    void manyThreadsReadAtOnce() throws Exception {
        byte[] content = content(new SplittableRandom(7));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (DiskImage image = image(content)) {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                SplittableRandom random = new SplittableRandom(thread);
                all.add(threads.submit(() -> {
                    ByteBuffer target = ByteBuffer.allocateDirect(1 << 16);
                    for (int round = 0; round < 200; round++) {
                        int offset = random.nextInt(content.length - target.capacity());
                        image.read(offset, target.clear());
                        assertEquals(
                                -1,
                                ByteBuffer.wrap(content, offset, target.capacity())
                                        .mismatch(target.flip()));
                        image.allocated(new Range(offset, 1 << 20));
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
