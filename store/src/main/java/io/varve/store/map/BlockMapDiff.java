package io.varve.store.map;

import static io.varve.store.map.MapShape.FAN_OUT;
import static io.varve.store.map.MapShape.FAN_OUT_BITS;

import io.varve.store.chunk.ChunkId;
import java.io.IOException;

/** Compares two block maps page by page. It reads no block, and skips subtrees that have the same id. */
public final class BlockMapDiff {
    private BlockMapDiff() {}

    /** Receives the blocks whose content differs, in ascending order. */
    @FunctionalInterface
    public interface Visitor {
        void differs(long blockNumber, ChunkId before, ChunkId after) throws IOException;
    }

    /**
     * Finds the blocks in which {@code after} differs from {@code before}. A block that only one of them has counts as
     * {@code ZERO} in the other. Maps of different shapes are compared leaf by leaf.
     */
    public static void compare(BlockMap before, BlockMap after, Visitor visitor) throws IOException {
        if (before.shape().levels() == after.shape().levels()) {
            comparePages(before, after, after.shape().rootLevel(), 0, visitor);
            return;
        }
        long leaf = -1;
        while (true) {
            leaf = nextLeafOfEither(before, after, leaf + 1);
            if (leaf < 0) {
                return;
            }
            comparePages(before, after, 0, leaf, visitor);
        }
    }

    /**
     * Returns the index of the first leaf from {@code from} on in which the two differ, or -1 if there is none. Skips
     * equal subtrees, as {@link #compare} does.
     */
    public static long nextLeaf(BlockMap before, BlockMap after, long from) throws IOException {
        if (before.shape().levels() == after.shape().levels()) {
            return nextLeaf(before, after, after.shape().rootLevel(), 0, from);
        }
        long leaf = nextLeafOfEither(before, after, from);
        while (leaf >= 0 && idOf(before, 0, leaf).equals(idOf(after, 0, leaf))) {
            leaf = nextLeafOfEither(before, after, leaf + 1);
        }
        return leaf;
    }

    private static long nextLeaf(BlockMap before, BlockMap after, int level, long index, long from) throws IOException {
        boolean behind = (index + 1) << (FAN_OUT_BITS * level) <= from;
        if (behind || idOf(before, level, index).equals(idOf(after, level, index))) {
            return -1;
        }
        if (level == 0) {
            return index;
        }
        MapPage a = pageOf(before, level, index);
        MapPage b = pageOf(after, level, index);
        for (int entry = 0; entry < FAN_OUT; entry++) {
            if (!a.is(entry, b.id(entry))) {
                long found = nextLeaf(before, after, level - 1, (index << FAN_OUT_BITS) + entry, from);
                if (found >= 0) {
                    return found;
                }
            }
        }
        return -1;
    }

    private static long nextLeafOfEither(BlockMap before, BlockMap after, long from) throws IOException {
        long a = from < before.shape().leafCount() ? before.nextLeaf(from) : -1;
        long b = from < after.shape().leafCount() ? after.nextLeaf(from) : -1;
        return a < 0 || (b >= 0 && b < a) ? b : a;
    }

    private static void comparePages(BlockMap before, BlockMap after, int level, long index, Visitor visitor)
            throws IOException {
        if (idOf(before, level, index).equals(idOf(after, level, index))) {
            return;
        }
        MapPage a = pageOf(before, level, index);
        MapPage b = pageOf(after, level, index);
        for (int entry = 0; entry < FAN_OUT; entry++) {
            ChunkId id = b.id(entry);
            if (a.is(entry, id)) {
                continue;
            }
            long below = (index << FAN_OUT_BITS) + entry;
            if (level == 0) {
                visitor.differs(below, a.id(entry), id);
            } else {
                comparePages(before, after, level - 1, below, visitor);
            }
        }
    }

    /**
     * Returns leaf {@code index} of {@code map}; a leaf of zeros past the end of the map. The page is shared and must
     * not be changed.
     */
    public static MapPage leaf(BlockMap map, long index) throws IOException {
        return pageOf(map, 0, index);
    }

    private static boolean covers(BlockMap map, int level, long index) {
        return index * MapShape.blocksBelow(level) < Math.max(1, map.shape().blockCount());
    }

    private static ChunkId idOf(BlockMap map, int level, long index) throws IOException {
        return covers(map, level, index) ? map.pageId(level, index) : ChunkId.ZERO;
    }

    private static MapPage pageOf(BlockMap map, int level, long index) throws IOException {
        return covers(map, level, index) ? map.page(level, index) : MapPage.zero(level);
    }
}
