package io.varve.store.map;

import static io.varve.store.map.MapShape.FAN_OUT;
import static io.varve.store.map.MapShape.FAN_OUT_BITS;

import io.varve.store.chunk.ChunkId;
import java.io.IOException;

/**
 * Makes a new block map out of an older one and some new leaves, which come in ascending order. Pages that no new leaf
 * touches are inherited by id; so n new leaves cost O(n) pages, whatever the disk's size. Since the shape is fixed and
 * absent subtrees are {@code ZERO}, the root depends on the content alone, not on the way there.
 *
 * <p>Not thread-safe. Holds one page per level.
 */
public final class BlockMapWriter {
    private final MapShape shape;
    private final BlockMap base;
    private final PageSink sink;
    /** The page being changed at each level, with its index; null when none is open. Level 0 is not used. */
    private final MapPage[] open;

    private final long[] openIndex;
    private long lastLeaf = -1;
    private ChunkId root;

    /** @param base what untouched parts are inherited from; must have the same shape */
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

    /** Stores what is open and gives the id of the new root. Nothing may be added afterwards. */
    public ChunkId finish() throws IOException {
        for (int level = 1; level <= shape.rootLevel(); level++) {
            if (open[level] != null) {
                closePage(level);
            }
        }
        return root;
    }
}
