package io.varve.engine.plan;

import io.varve.engine.range.BlockGrid;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Plans one window of a disk: a pure function of what changed, what is allocated and what to audit. */
public final class WindowPlan {
    /** Number of leaves in a window: with blocks of 64 KiB, 16 GiB of disk. */
    public static final int LEAVES = 1024;

    /** Number of blocks that a leaf covers: the fan-out of the block map. */
    public static final int BLOCKS_PER_LEAF = 256;

    private final BlockGrid grid;
    private final int runSize;

    /** @param runSize largest length of a run in bytes; raised to one block */
    public WindowPlan(BlockGrid grid, int runSize) {
        this.grid = grid;
        this.runSize = runSize(grid.blockSize(), runSize);
    }

    /** Largest length of a run in bytes. */
    public int runSize() {
        return runSize;
    }

    /** Returns {@code wanted} bytes rounded down to whole blocks, at least one. */
    public static int runSize(int blockSize, int wanted) {
        return Math.max(wanted / blockSize, 1) * blockSize;
    }

    private long leafLength() {
        return (long) BLOCKS_PER_LEAF * grid.blockSize();
    }

    /** Returns the windows of the disk, in order. */
    public List<Range> windows() {
        List<Range> windows = new ArrayList<>();
        long length = leafLength() * LEAVES;
        for (long offset = 0; offset < grid.diskSize(); offset += length) {
            windows.add(new Range(offset, Math.min(length, grid.diskSize() - offset)));
        }
        return windows;
    }

    /**
     * Plans one window.
     *
     * @param changed what may have changed; all three sets lie inside the window
     * @param allocated what may hold data other than zeros
     * @param audit blocks to check, disjoint from {@code changed}
     * @return the leaves in which something is to be done, in ascending order
     */
    public List<LeafPlan> plan(RangeSet changed, RangeSet allocated, RangeSet audit) {
        RangeSet changedBlocks = grid.roundOut(changed);
        RangeSet allocatedBlocks = grid.roundOut(allocated);
        TreeMap<Long, List<Run>> runs = new TreeMap<>();
        cut(changedBlocks.intersect(allocatedBlocks), Run.Reason.CHANGED, runs);
        cut(audit, Run.Reason.AUDIT, runs);
        RangeSet zero = changedBlocks.minus(allocatedBlocks);
        for (Range range : zero) {
            for (long leaf = leafOf(range.offset()); leaf <= leafOf(range.endOffset() - 1); leaf++) {
                runs.computeIfAbsent(leaf, none -> new ArrayList<>());
            }
        }
        List<LeafPlan> plans = new ArrayList<>(runs.size());
        runs.forEach((leaf, list) -> {
            list.sort((a, b) -> Long.compare(a.offset(), b.offset()));
            plans.add(new LeafPlan(leaf, list, zero.clip(new Range(leaf * leafLength(), leafLength()))));
        });
        return plans;
    }

    private long leafOf(long offset) {
        return offset / leafLength();
    }

    private void cut(RangeSet blocks, Run.Reason reason, Map<Long, List<Run>> runs) {
        for (Range range : blocks) {
            long offset = range.offset();
            while (offset < range.endOffset()) {
                long leafEnd = (leafOf(offset) + 1) * leafLength();
                long end = Math.min(Math.min(offset + runSize, range.endOffset()), leafEnd);
                runs.computeIfAbsent(leafOf(offset), none -> new ArrayList<>())
                        .add(new Run(offset, (int) (end - offset), reason));
                offset = end;
            }
        }
    }
}
