package io.varve.engine.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.range.BlockGrid;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AuditSlicesTest {
    private static final int BLOCK = 4096;

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);

    private RangeSet candidates(BlockGrid grid) {
        RangeSet ranges = RangeSet.empty();
        for (int i = random.nextInt(6); i >= 0; i--) {
            long offset = random.nextLong(grid.diskSize());
            ranges = ranges.union(RangeSet.of(new Range(
                    offset, 1 + random.nextLong(Math.min(1 << 20, grid.diskSize() - offset)))));
        }
        return grid.roundOut(ranges);
    }

    /** Other candidates each night: what is one in all of them is chosen exactly once a round, leaves likewise. */
    @Test
    void aRoundComesByEveryBlockOnce() {
        for (int round = 0; round < 300; round++) {
            String where = "seed " + seed + ", round " + round;
            BlockGrid grid = new BlockGrid(1 + random.nextLong(8L << 20), BLOCK);
            int slices = 1 + random.nextInt(random.nextBoolean() ? 9 : 700);
            int perNight = 1 + random.nextInt(slices);
            long order = random.nextLong();
            int[] taken = new int[(int) grid.blockCount()];
            int[] due = new int[taken.length];
            for (int first = 0; first < slices; first += perNight) {
                int count = Math.min(perNight, slices - first);
                AuditSlices night = new AuditSlices(order, slices, first, count);
                RangeSet candidates = first % 2 == 0 ? candidates(grid) : RangeSet.of(new Range(0, grid.diskSize()));
                RangeSet all = night.choose(RangeSet.of(new Range(0, grid.diskSize())), grid);
                RangeSet chosen = night.choose(candidates, grid);
                assertEquals(all.intersect(candidates), chosen, where);
                for (int block = 0; block < taken.length; block++) {
                    due[block] += all.contains(grid.offset(block)) ? 1 : 0;
                    taken[block] += night.hasLeaf(block) ? 1 : 0;
                }
            }
            for (int block = 0; block < taken.length; block++) {
                assertEquals(1, due[block], where + ", block " + block);
                assertEquals(1, taken[block], where + ", leaf " + block);
            }
        }
    }

    /** Behind the last slice comes the first, in the same order. */
    @Test
    void roundsFollowEachOther() {
        BlockGrid grid = new BlockGrid(1000L * BLOCK, BLOCK);
        RangeSet all = RangeSet.of(new Range(0, grid.diskSize()));
        RangeSet over = new AuditSlices(3, 100, 95, 10).choose(all, grid);
        RangeSet end = new AuditSlices(3, 100, 95, 5).choose(all, grid);
        assertEquals(end.union(new AuditSlices(3, 100, 0, 5).choose(all, grid)), over);
        assertNotEquals(new AuditSlices(4, 100, 95, 5).choose(all, grid), end, "the seed decides");
    }

    /** Sixteen neighbours are among those of few nights, wherever they lie. */
    @Test
    void neighboursAreNotLongMissedTogether() {
        BlockGrid grid = new BlockGrid(100_000L * BLOCK, BLOCK);
        RangeSet all = RangeSet.of(new Range(0, grid.diskSize()));
        RangeSet chosen = new AuditSlices(5, 1000, 0, 170).choose(all, grid);
        long last = 0;
        int longer = 0;
        for (Range range : chosen) {
            longer += range.offset() - last > 16L * BLOCK ? 1 : 0;
            last = range.endOffset();
        }
        assertTrue(longer < 10, longer + " gaps of more than 16 blocks in " + chosen.count() + ", rows begin anywhere");
    }

    @Test
    void theExtremes() {
        BlockGrid grid = new BlockGrid(1_000_000L * BLOCK - 100, BLOCK);
        RangeSet all = RangeSet.of(new Range(0, grid.diskSize()));
        assertEquals(all, new AuditSlices(1, 7, 3, 7).choose(all, grid), "the short last block too");
        assertEquals(RangeSet.empty(), AuditSlices.NONE.choose(all, grid));
        assertEquals(RangeSet.empty(), new AuditSlices(1, 7, 3, 2).choose(RangeSet.empty(), grid));
        for (int[] wrong : new int[][] {{0, 0, 0}, {5, 5, 1}, {5, -1, 1}, {5, 0, 6}, {5, 0, -1}}) {
            assertThrows(IllegalArgumentException.class, () -> new AuditSlices(1, wrong[0], wrong[1], wrong[2]));
        }
    }
}
