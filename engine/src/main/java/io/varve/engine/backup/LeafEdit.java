package io.varve.engine.backup;

import io.varve.engine.plan.LeafPlan;
import io.varve.engine.plan.WindowPlan;
import io.varve.engine.range.BlockGrid;
import io.varve.engine.range.Range;
import io.varve.store.chunk.ChunkId;
import io.varve.store.map.BlockMap;
import io.varve.store.map.MapPage;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One leaf of the new block map while its runs are being read by several workers, each of which writes the entries of
 * its own blocks. The worker that finishes the last run owns the leaf from then on.
 */
final class LeafEdit {
    private final long sequence;
    private final long leaf;
    private final MapPage ids;
    private final MapPage before;
    private final AtomicInteger runsLeft;

    /** @param sequence position in the order of leaves, from 0 */
    private LeafEdit(long sequence, LeafPlan plan, MapPage ids, MapPage before) {
        this.sequence = sequence;
        this.leaf = plan.leaf();
        this.ids = ids;
        this.before = before;
        this.runsLeft = new AtomicInteger(Math.max(1, plan.runs().size()));
    }

    /**
     * @param base ids that unread blocks keep
     * @param parent ids that blocks are compared with, or null
     */
    static LeafEdit begin(long sequence, LeafPlan plan, BlockGrid grid, BlockMap base, BlockMap parent)
            throws IOException {
        MapPage ids = base.leaf(plan.leaf()).copy();
        for (Range range : plan.zero()) {
            long end = grid.blockNumber(range.endOffset() - 1);
            for (long block = grid.blockNumber(range.offset()); block <= end; block++) {
                ids.set(entry(block), ChunkId.ZERO);
            }
        }
        return new LeafEdit(sequence, plan, ids, parent == null ? MapPage.zero(0) : parent.leaf(plan.leaf()));
    }

    private static int entry(long blockNumber) {
        return (int) (blockNumber % WindowPlan.BLOCKS_PER_LEAF);
    }

    long sequence() {
        return sequence;
    }

    long leaf() {
        return leaf;
    }

    boolean isUnchanged(long blockNumber, ChunkId id) {
        return before.is(entry(blockNumber), id);
    }

    void set(long blockNumber, ChunkId id) {
        ids.set(entry(blockNumber), id);
    }

    /** Whether the caller finished the last run. */
    boolean runDone() {
        return runsLeft.decrementAndGet() == 0;
    }

    /** The finished leaf. Called only by the worker that finished the last run. */
    MapPage page() {
        return ids;
    }

    boolean isSameAsParent() {
        return ids.sameIds(before);
    }

    /**
     * Bytes of the blocks that differ from the parent.
     *
     * @param bytes of all of them
     * @param zero of those that are zeros now
     */
    record Changed(long bytes, long zero) {}

    Changed changed(BlockGrid grid) {
        long changed = 0;
        long zero = 0;
        long first = leaf * WindowPlan.BLOCKS_PER_LEAF;
        long blocks = Math.min(WindowPlan.BLOCKS_PER_LEAF, grid.blockCount() - first);
        for (int entry = 0; entry < blocks; entry++) {
            ChunkId id = ids.id(entry);
            if (!before.is(entry, id)) {
                changed += grid.length(first + entry);
                zero += id.isZero() ? grid.length(first + entry) : 0;
            }
        }
        return new Changed(changed, zero);
    }
}
