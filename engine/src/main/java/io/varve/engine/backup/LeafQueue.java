package io.varve.engine.backup;

import io.varve.engine.plan.AuditSample;
import io.varve.engine.plan.LeafPlan;
import io.varve.engine.plan.Run;
import io.varve.engine.plan.WindowPlan;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.SourceException;
import io.varve.engine.range.BlockGrid;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.store.Reason;
import io.varve.store.chunk.ChunkId;
import io.varve.store.map.BlockMap;
import io.varve.store.map.MapPage;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;

/**
 * Hands out the runs of one disk in ascending order, planning window by window, so that memory does not grow with the
 * disk. Thread-safe: one worker at a time asks.
 */
final class LeafQueue {
    private final DiskImage image;
    private final BlockGrid grid;
    private final WindowPlan planner;
    private final Decision decision;
    private final AuditSample audit;
    private final AuditSample freedAudit;
    private final BlockMap base;
    private final Iterator<Range> windows;
    private Iterator<LeafPlan> leaves = List.<LeafPlan>of().iterator();
    private Iterator<Run> runs = List.<Run>of().iterator();
    private LeafEdit leaf;
    private long nextSequence;
    private boolean closed;

    /**
     * @param audit chooses among what may hold data
     * @param freedAudit chooses among what holds none
     * @param base what blocks keep that are not read
     */
    LeafQueue(
            DiskImage image,
            BlockGrid grid,
            WindowPlan planner,
            Decision decision,
            AuditSample audit,
            AuditSample freedAudit,
            BlockMap base) {
        this.image = image;
        this.grid = grid;
        this.planner = planner;
        this.decision = decision;
        this.audit = audit;
        this.freedAudit = freedAudit;
        this.base = base;
        this.windows = planner.windows().iterator();
    }

    /** A run and the leaf it belongs to; a null run is a leaf that needs no reading. */
    record Task(LeafEdit leaf, Run run) {}

    /** Hands out nothing more: the disk will be read again. */
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
            RangeSet allocated = allocated(image, window);
            return planner.plan(allocated, allocated, RangeSet.empty());
        }
        RangeSet changed = decision.changes().clip(window);
        if (changed.isEmpty() && audit.fraction() == 0 && freedAudit.fraction() == 0) {
            return List.of();
        }
        RangeSet allocated = allocated(image, window);
        RangeSet changedBlocks = grid.roundOut(changed);
        RangeSet allocatedBlocks = grid.roundOut(allocated);
        RangeSet free = RangeSet.of(window).minus(allocatedBlocks).minus(changedBlocks);
        auditFreed(freedAudit.choose(free, grid));
        return planner.plan(changed, allocated, audit.choose(allocatedBlocks.minus(changedBlocks), grid));
    }

    /**
     * What holds nothing now has to have been zeros last night, or the list would name it. Nothing of the source is
     * read for that, and of the parent's map only what is not zeros.
     */
    private void auditFreed(RangeSet free) throws IOException {
        BlockMap parent = decision.parent();
        long pageOf = -1;
        MapPage page = null;
        for (Range range : free) {
            long block = grid.blockNumber(range.offset());
            long end = grid.blockNumber(range.endOffset() - 1) + 1;
            while (block < end) {
                long index = block / WindowPlan.BLOCKS_PER_LEAF;
                if (index != pageOf) {
                    page = parent.pageId(0, index).isZero() ? null : parent.leaf(index);
                    pageOf = index;
                }
                long leafEnd = Math.min(end, (index + 1) * WindowPlan.BLOCKS_PER_LEAF);
                if (page == null) {
                    block = leafEnd;
                }
                for (; block < leafEnd; block++) {
                    if (!page.is((int) (block % WindowPlan.BLOCKS_PER_LEAF), ChunkId.ZERO)) {
                        throw new AuditMismatchException(grid.offset(block), grid.length(block));
                    }
                }
            }
        }
    }

    /** What may hold data; a failure is the source's. */
    static RangeSet allocated(DiskImage image, Range window) throws SourceException {
        try {
            return image.allocated(window);
        } catch (IOException e) {
            throw new SourceException(image.location() + ": " + Reason.of(e), e);
        }
    }
}
