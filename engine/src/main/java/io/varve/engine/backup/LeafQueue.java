package io.varve.engine.backup;

import io.varve.engine.plan.AuditSlices;
import io.varve.engine.plan.LeafPlan;
import io.varve.engine.plan.Run;
import io.varve.engine.plan.WindowPlan;
import io.varve.engine.port.DiskImage;
import io.varve.engine.range.BlockGrid;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.store.chunk.ChunkId;
import io.varve.store.map.BlockMap;
import io.varve.store.map.MapPage;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;

/**
 * Hands out the runs of one disk in ascending order, planning window by window, so that memory does not grow with the
 * disk. Thread-safe: one worker at a time is served.
 */
final class LeafQueue {
    private final DiskImage image;
    private final BlockGrid grid;
    private final WindowPlan planner;
    private final Decision decision;
    private final AuditSlices audit;
    private final BlockMap base;
    private final Iterator<Range> windows;
    private Iterator<LeafPlan> leaves = List.<LeafPlan>of().iterator();
    private Iterator<Run> runs = List.<Run>of().iterator();
    private LeafEdit leaf;
    private long nextSequence;
    private boolean closed;

    /**
     * @param audit chooses blocks in allocated parts and leaves in free parts
     * @param base ids that unread blocks keep
     */
    LeafQueue(
            DiskImage image, BlockGrid grid, WindowPlan planner, Decision decision, AuditSlices audit, BlockMap base) {
        this.image = image;
        this.grid = grid;
        this.planner = planner;
        this.decision = decision;
        this.audit = audit;
        this.base = base;
        this.windows = planner.windows().iterator();
    }

    /** A run and the leaf it belongs to; a null run is a leaf that needs no reading. */
    record Task(LeafEdit leaf, Run run) {}

    /** Stops handing out runs: the disk will be read again. */
    synchronized void close() {
        closed = true;
    }

    /** The next task, or null when there is none. */
    synchronized Task next() throws IOException {
        if (closed) {
            return null;
        }
        while (!runs.hasNext()) {
            if (!leaves.hasNext()) {
                if (!windows.hasNext()) {
                    return null;
                }
                leaves = plan(windows.next()).iterator();
                continue;
            }
            LeafPlan plan = leaves.next();
            leaf = LeafEdit.begin(nextSequence++, plan, grid, base, decision.parent());
            runs = plan.runs().iterator();
            if (plan.runs().isEmpty()) {
                return new Task(leaf, null);
            }
        }
        return new Task(leaf, runs.next());
    }

    private List<LeafPlan> plan(Range window) throws IOException {
        if (decision.mode() != Mode.INCREMENTAL) {
            RangeSet allocated = image.allocated(window);
            return planner.plan(allocated, allocated, RangeSet.empty());
        }
        RangeSet changed = decision.changes().clip(window);
        if (changed.isEmpty() && audit.isEmpty()) {
            return List.of();
        }
        RangeSet allocated = image.allocated(window);
        RangeSet changedBlocks = grid.roundOut(changed);
        RangeSet allocatedBlocks = grid.roundOut(allocated);
        RangeSet free = RangeSet.of(window).minus(allocatedBlocks).minus(changedBlocks);
        auditFreed(free);
        return planner.plan(changed, allocated, audit.choose(allocatedBlocks.minus(changedBlocks), grid));
    }

    /**
     * Checks that blocks which are free now were zeros last night; otherwise the list should have named them. This
     * reads nothing from the source, and from the parent's map only nonzero leaves of tonight's slices.
     */
    private void auditFreed(RangeSet free) throws IOException {
        BlockMap parent = decision.parent();
        for (Range range : free) {
            long block = grid.blockNumber(range.offset());
            long end = grid.blockNumber(range.endOffset() - 1) + 1;
            while (block < end) {
                long leafOf = block / WindowPlan.BLOCKS_PER_LEAF;
                long leafEnd = Math.min(end, (leafOf + 1) * WindowPlan.BLOCKS_PER_LEAF);
                if (audit.hasLeaf(leafOf)) {
                    // An almost empty disk is mostly zeros.
                    long next = parent.nextLeaf(leafOf);
                    if (next < 0) {
                        return;
                    }
                    if (next > leafOf) {
                        block = next * WindowPlan.BLOCKS_PER_LEAF;
                        continue;
                    }
                    auditFreed(parent.leaf(leafOf), block, leafEnd);
                }
                block = leafEnd;
            }
        }
    }

    private void auditFreed(MapPage page, long block, long end) throws AuditMismatchException {
        for (; block < end; block++) {
            if (!page.is((int) (block % WindowPlan.BLOCKS_PER_LEAF), ChunkId.ZERO)) {
                throw new AuditMismatchException(grid.offset(block), grid.length(block));
            }
        }
    }
}
