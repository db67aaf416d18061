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
import io.varve.store.map.BlockMap;
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
    private final BlockMap base;
    private final Iterator<Range> windows;
    private Iterator<LeafPlan> leaves = List.<LeafPlan>of().iterator();
    private Iterator<Run> runs = List.<Run>of().iterator();
    private LeafEdit leaf;
    private long nextSequence;
    private boolean closed;

    /** @param base what blocks keep that are not read */
    LeafQueue(
            DiskImage image, BlockGrid grid, WindowPlan planner, Decision decision, AuditSample audit, BlockMap base) {
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
        if (changed.isEmpty() && audit.fraction() == 0) {
            return List.of();
        }
        RangeSet allocated = allocated(image, window);
        RangeSet unchanged = grid.roundOut(allocated).minus(grid.roundOut(changed));
        return planner.plan(changed, allocated, audit.choose(unchanged, grid));
    }

    /** What may hold data; a failure is the source's. */
    static RangeSet allocated(DiskImage image, Range window) throws SourceException {
        try {
            return image.allocated(window);
        } catch (IOException e) {
            throw new SourceException(image.location() + ": " + e.getMessage(), e);
        }
    }
}
