package io.varve.adapters.virtdisk;

import io.varve.engine.port.DiskImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/** Compares what two readers see of one disk, in some places. */
final class SecondOpinion {
    private static final int PLACES = 24;
    private static final int LENGTH = 64 << 10;

    private SecondOpinion() {}

    /**
     * Reads the beginning, the end, and places between them that are scattered evenly.
     *
     * @return the first offset at which they differ; the size of the smaller one, if they differ in size
     */
    static OptionalLong firstDifference(DiskImage first, DiskImage second) throws IOException {
        long size = Math.min(first.size(), second.size());
        SplittableRandom random = new SplittableRandom();
        ByteBuffer one = ByteBuffer.allocateDirect(LENGTH);
        ByteBuffer other = ByteBuffer.allocateDirect(LENGTH);
        for (int place = 0; place < PLACES; place++) {
            long stride = size / PLACES;
            long at =
                    place == 0 ? 0 : place == PLACES - 1 ? size - LENGTH : place * stride + random.nextLong(stride + 1);
            long from = Math.max(0, Math.min(at, size - LENGTH));
            int length = (int) Math.min(LENGTH, size - from);
            first.read(from, one.clear().limit(length));
            second.read(from, other.clear().limit(length));
            int different = one.flip().mismatch(other.flip());
            if (different >= 0) {
                return OptionalLong.of(from + different);
            }
        }
        return first.size() == second.size() ? OptionalLong.empty() : OptionalLong.of(size);
    }
}
