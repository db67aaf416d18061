package io.varve.engine.range;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BlockGridTest {
    @Test
    void blocksTileTheDisk() {
        for (long size : new long[] {0, 1, 7, 8, 9, 16, 100, 1 << 20}) {
            BlockGrid grid = new BlockGrid(size, 8);
            long end = 0;
            for (long block = 0; block < grid.blockCount(); block++) {
                assertEquals(end, grid.offset(block));
                assertEquals(block, grid.blockNumber(end));
                assertTrue(grid.length(block) >= 1 && grid.length(block) <= 8);
                end += grid.length(block);
                assertEquals(block, grid.blockNumber(end - 1));
            }
            assertEquals(size, end);
        }
    }

    @Test
    void largeDisks() {
        BlockGrid grid = new BlockGrid((64L << 40) + 1, 65_536);
        assertEquals((1L << 30) + 1, grid.blockCount());
        assertEquals(64L << 40, grid.offset(1L << 30));
        assertEquals(1, grid.length(1L << 30));
        assertEquals((1L << 63 - 16), new BlockGrid(Long.MAX_VALUE, 65_536).blockCount());
    }

    @Test
    void roundedOutIsEveryBlockTouchedAndNoOther() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 2000; round++) {
            int size = random.nextInt(300);
            BlockGrid grid = new BlockGrid(size, 1 << random.nextInt(6));
            BitSet touched = new BitSet();
            RangeSet ranges = RangeSet.empty();
            for (int i = random.nextInt(6); i > 0; i--) {
                Range range = new Range(random.nextInt(350), 1 + random.nextInt(40));
                ranges = ranges.union(RangeSet.of(range));
                for (long at = range.offset(); at < Math.min(size, range.endOffset()); at++) {
                    touched.set((int) grid.blockNumber(at));
                }
            }
            RangeSet rounded = grid.roundOut(ranges);
            for (int at = 0; at < 400; at++) {
                boolean expected = at < size && touched.get((int) grid.blockNumber(at));
                assertEquals(expected, rounded.contains(at), "seed " + seed + ", round " + round + " at " + at);
            }
        }
    }

    @Test
    void whatIsNoGridIsRefused() {
        for (int blockSize : new int[] {0, -1, 3, 4097, Integer.MIN_VALUE}) {
            assertThrows(IllegalArgumentException.class, () -> new BlockGrid(100, blockSize), "" + blockSize);
        }
        assertThrows(IllegalArgumentException.class, () -> new BlockGrid(-1, 8));
    }
}
