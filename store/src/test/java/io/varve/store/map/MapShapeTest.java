package io.varve.store.map;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The arithmetic of {@code docs/format.md}, section 5. */
class MapShapeTest {
    private static final long TIB = 1L << 40;

    private static void check(long diskSize, int blockSize, long blocks, long leaves, int levels) {
        MapShape shape = MapShape.of(diskSize, blockSize);
        String where = diskSize + " bytes in blocks of " + blockSize;
        assertEquals(blocks, shape.blockCount(), where);
        assertEquals(leaves, shape.leafCount(), where);
        assertEquals(levels, shape.levels(), where);
        assertEquals(levels - 1, shape.rootLevel(), where);
    }

    @Test
    void knownDisks() {
        check(0, 4096, 0, 0, 1);
        check(1, 4096, 1, 1, 1);
        check(4096, 4096, 1, 1, 1);
        check(4097, 4096, 2, 1, 1);
        check(16 << 20, 64 << 10, 256, 1, 1);
        check((16 << 20) + 1, 64 << 10, 257, 2, 2);
        check(64 * TIB, 64 << 10, 1L << 30, 1L << 22, 4);
        check(64 * TIB, 4 << 10, 1L << 34, 1L << 26, 5);
        check(64 * TIB, 4 << 20, 1L << 24, 1L << 16, 3);
        check(64 * TIB + 1, 4 << 20, (1L << 24) + 1, (1L << 16) + 1, 4);
        check(Long.MAX_VALUE / 2, 4096, 1L << 50, 1L << 42, 7);
    }

    /** The least number with 256^levels ≥ blocks, at least 1. */
    @Test
    void levelsAreTheLeastThatCoverTheDisk() {
        for (int levels = 1; levels <= 6; levels++) {
            long most = 1L << (8 * levels);
            assertEquals(levels, new MapShape(most).levels());
            assertEquals(levels, new MapShape(most - 1).levels());
            assertEquals(levels + 1, new MapShape(most + 1).levels());
        }
    }
}
