package io.varve.engine.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.range.BlockGrid;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WindowPlanTest {
    private static final int BLOCK = 4096;
    private static final long LEAF = 256L * BLOCK;

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);

    private RangeSet ranges(long size, int most) {
        RangeSet ranges = RangeSet.empty();
        for (int i = random.nextInt(most); i > 0; i--) {
            long offset = random.nextLong(size);
            long length = 1 + random.nextLong(Math.min(size - offset, random.nextBoolean() ? 10_000 : 3 * LEAF));
            ranges = ranges.union(RangeSet.of(new Range(offset, length)));
        }
        return ranges;
    }

    @Test
    void everyByteIsPlannedOnceWithItsReason() {
        for (int round = 0; round < 1500; round++) {
            BlockGrid grid = new BlockGrid(1 + random.nextLong(6 * LEAF), BLOCK);
            int runSize = 1 + random.nextInt(100 * BLOCK);
            WindowPlan plan = new WindowPlan(grid, runSize);
            RangeSet changed = ranges(grid.diskSize(), 8);
            RangeSet allocated =
                    random.nextInt(4) == 0 ? RangeSet.of(new Range(0, grid.diskSize())) : ranges(grid.diskSize(), 8);
            int slices = 1 + random.nextInt(50);
            RangeSet audit = new AuditSlices(
                            random.nextLong(), slices, random.nextInt(slices), random.nextInt(slices + 1))
                    .choose(grid.roundOut(allocated).minus(grid.roundOut(changed)), grid);
            check(plan, grid, changed, allocated, audit, "seed " + seed + ", round " + round);
        }
    }

    private static void check(
            WindowPlan plan, BlockGrid grid, RangeSet changed, RangeSet allocated, RangeSet audit, String where) {
        RangeSet toRead = grid.roundOut(changed).intersect(grid.roundOut(allocated));
        RangeSet read = RangeSet.empty();
        RangeSet audited = RangeSet.empty();
        RangeSet zero = RangeSet.empty();
        long last = -1;
        for (LeafPlan leaf : plan.plan(changed, allocated, audit)) {
            assertTrue(leaf.leaf() > last, where);
            assertFalse(leaf.runs().isEmpty() && leaf.zero().isEmpty(), where + ": a leaf with nothing to do");
            last = leaf.leaf();
            RangeSet leafZero = leaf.zero();
            for (Range range : leafZero) {
                assertTrue(range.offset() / LEAF == last && (range.endOffset() - 1) / LEAF == last, where);
            }
            zero = zero.union(leafZero);
            long end = 0;
            for (Run run : leaf.runs()) {
                assertTrue(run.offset() >= end, where + ": runs in order, none twice");
                end = run.offset() + run.length();
                assertEquals(0, run.offset() % BLOCK, where);
                assertTrue(run.length() % BLOCK == 0 || end == grid.diskSize(), where);
                assertTrue(run.length() >= 1 && run.length() <= plan.runSize(), where);
                assertTrue(run.offset() / LEAF == last && (end - 1) / LEAF == last, where + ": crosses a leaf");
                RangeSet part = RangeSet.of(new Range(run.offset(), run.length()));
                if (run.reason() == Run.Reason.CHANGED) {
                    read = read.union(part);
                } else {
                    audited = audited.union(part);
                }
            }
        }
        assertEquals(toRead, read, where);
        assertEquals(audit, audited, where);
        assertEquals(grid.roundOut(changed).minus(grid.roundOut(allocated)), zero, where);
    }

    @Test
    void aRunHasAtLeastOneBlock() {
        BlockGrid grid = new BlockGrid(10 * BLOCK, BLOCK);
        assertEquals(BLOCK, new WindowPlan(grid, 1).runSize());
        assertEquals(2 * BLOCK, new WindowPlan(grid, 3 * BLOCK - 1).runSize());
    }

    @Test
    void windowsTileTheDiskAtLeafBorders() {
        for (int blockSize : new int[] {4096, 65_536, 4 << 20}) {
            long window = 256L * blockSize * WindowPlan.LEAVES;
            for (long size : new long[] {0, 1, window - 1, window, window + 1, 5 * window + 12_345}) {
                WindowPlan plan = new WindowPlan(new BlockGrid(size, blockSize), 1 << 20);
                long end = 0;
                for (Range range : plan.windows()) {
                    assertEquals(end, range.offset());
                    assertEquals(0, range.offset() % (256L * blockSize));
                    end = range.endOffset();
                }
                assertEquals(size, end);
                assertEquals((size + window - 1) / window, plan.windows().size());
            }
        }
    }

    @Test
    void nothingToDoIsNoLeaf() {
        BlockGrid grid = new BlockGrid(10 * LEAF, BLOCK);
        RangeSet all = RangeSet.of(new Range(0, grid.diskSize()));
        assertEquals(List.of(), new WindowPlan(grid, 1 << 20).plan(RangeSet.empty(), all, RangeSet.empty()));
    }
}
