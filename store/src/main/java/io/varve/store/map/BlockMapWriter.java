package io.varve.store.map;

import static io.varve.store.map.MapShape.FAN_OUT;
import static io.varve.store.map.MapShape.FAN_OUT_BITS;

import io.varve.store.chunk.ChunkId;
import java.io.IOException;

/**
 * Builds a new block map from an older one and new leaves, given in ascending order. Pages above no new leaf are
 * inherited by id, so n new leaves cost O(n) pages, whatever the size of the disk. The root id depends on the content
 * of the disk alone, because the shape is fixed and empty subtrees are {@code ZERO}.
 *
 * <p>Not thread-safe. Holds one page per level.
 */
public final class BlockMapWriter {
    private final MapShape shape;
    private final BlockMap base;
    private final PageSink sink;
    /** The page being changed at each level; null if none is open. Level 0 is not used. */
    private final MapPage[] open;

    private final long[] openIndex;
    private long lastLeaf = -1;
    private ChunkId root;

    /** @param base map that unchanged parts are inherited from; must have the same shape */
    public BlockMapWriter(BlockMap base, PageSink sink) {
        this.shape = base.shape();
        this.base = base;
        this.sink = sink;
        this.open = new MapPage[shape.levels() + 1];
        this.openIndex = new long[shape.levels() + 1];
        this.root = base.root();
    }

    /** Replaces leaf {@code index} by the leaf page stored under {@code id}. */
    public void leaf(long index, ChunkId id) throws IOException {
        if (index <= lastLeaf || index >= Math.max(1, shape.leafCount())) {
            throw new IllegalArgumentException(
                    "leaf " + index + " after leaf " + lastLeaf + " of " + shape.leafCount());
        }
        lastLeaf = index;
        set(0, index, id);
    }

    private void set(int level, long index, ChunkId id) throws IOException {
        if (level == shape.rootLevel()) {
            root = id;
            return;
        }
        int above = level + 1;
        long parent = index >>> FAN_OUT_BITS;
        if (open[above] != null && openIndex[above] != parent) {
            closePage(above);
        }
        if (open[above] == null) {
            open[above] = base.page(above, parent).copy();
            openIndex[above] = parent;
        }
        open[above].set((int) (index & (FAN_OUT - 1)), id);
    }

    private void closePage(int level) throws IOException {
        MapPage page = open[level];
        open[level] = null;
        set(level, openIndex[level], storeOrInherit(page, level, openIndex[level]));
    }

    private ChunkId storeOrInherit(MapPage page, int level, long index) throws IOException {
        if (page.isZero()) {
            return ChunkId.ZERO;
        }
        return page.sameIds(base.page(level, index)) ? base.pageId(level, index) : sink.store(page);
    }

    /** Stores the open pages and returns the id of the new root. No leaf may be added afterwards. */
    public ChunkId finish() throws IOException {
        for (int level = 1; level <= shape.rootLevel(); level++) {
            if (open[level] != null) {
                closePage(level);
            }
        }
        return root;
    }
}
