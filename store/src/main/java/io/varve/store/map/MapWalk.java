package io.varve.store.map;

import io.varve.store.chunk.ChunkId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Visits every distinct page of many block maps, hardly any of them twice, in bounded memory. Pages that a disk shares
 * with its previous snapshot are skipped by comparing the two maps. Pages that it shares with other disks are skipped
 * by means of a {@link PageSet}, which may forget some. For one thread.
 */
public final class MapWalk {
    private final PageSet visited;
    private final Set<Ending> endings = new HashSet<>();
    private final Map<String, Root> previous = new HashMap<>();

    /** @param visited an empty set */
    public MapWalk(PageSet visited) {
        this.visited = visited;
    }

    /** A page in which a disk ends. There are at most a few per disk and snapshot. */
    private record Ending(ChunkId id, MapShape shape) {}

    private record Root(ChunkId id, MapShape shape) {}

    /**
     * A leaf of a map.
     *
     * @param index covers blocks [index × 256, (index + 1) × 256)
     */
    public record Leaf(ChunkId id, long index) {}

    /** Receives the pages of one disk. */
    public interface Visitor {
        /**
         * Called for a page above the leaves that was not visited before, or that was visited when a disk of another
         * size ended in it.
         *
         * @param index among the pages of its level
         * @return its content, or null if the pages below it cannot be visited
         */
        MapPage inner(ChunkId id, int level, long index) throws IOException;

        /** Returns a page above the leaves that was visited before, to compare with; null if it cannot be read. */
        MapPage again(ChunkId id, int level) throws IOException;

        /**
         * Called for at most 256 leaves below one page that were not visited before, or that were visited when a disk
         * of another size ended in them.
         */
        void leaves(List<Leaf> leaves) throws IOException;
    }

    /**
     * Walks one map.
     *
     * @param disk name of the disk; each map is compared with the one before it of the same name
     */
    public void walk(String disk, ChunkId root, MapShape shape, Visitor visitor) throws IOException {
        int level = shape.rootLevel();
        Root before = previous.put(disk, new Root(root, shape));
        boolean comparable = before != null && before.shape().rootLevel() == level;
        ChunkId other = comparable ? before.id() : ChunkId.ZERO;
        Walk walk = new Walk(shape, comparable && before.shape().equals(shape), visitor);
        if (level > 0) {
            walk.inner(root, other, level, 0);
        } else if (walk.isNew(root, other, 0, 0)) {
            visitor.leaves(List.of(new Leaf(root, 0)));
        }
    }

    /** Returns the number of distinct pages, or a few more if some were forgotten. */
    public long pages() {
        return visited.count();
    }

    /** The walk through one map. */
    private final class Walk {
        private final MapShape shape;
        private final boolean sameShape;
        private final Visitor visitor;

        /** @param sameShape whether the map that it is compared with has the same shape */
        Walk(MapShape shape, boolean sameShape, Visitor visitor) {
            this.shape = shape;
            this.sameShape = sameShape;
            this.visitor = visitor;
        }

        /**
         * Whether a page is to be visited. A page in which the disk ends is visited once for each disk size, because
         * its entries may be valid for one size and not for another.
         */
        boolean isNew(ChunkId id, ChunkId other, int level, long index) {
            if (id.isZero()) {
                return false;
            }
            boolean ends = shape.endsIn(level, index);
            if (id.equals(other) && (sameShape || !ends)) {
                return false;
            }
            boolean isNew = visited.add(id);
            return ends ? endings.add(new Ending(id, shape)) : isNew;
        }

        void inner(ChunkId id, ChunkId other, int level, long index) throws IOException {
            if (!isNew(id, other, level, index)) {
                return;
            }
            MapPage page = visitor.inner(id, level, index);
            if (page == null) {
                return;
            }
            MapPage before = other.isZero() ? null : visitor.again(other, level);
            List<Leaf> leaves = new ArrayList<>();
            for (int entry = 0; entry < MapShape.FAN_OUT; entry++) {
                ChunkId child = page.id(entry);
                ChunkId sibling = before == null ? ChunkId.ZERO : before.id(entry);
                long childIndex = index * MapShape.FAN_OUT + entry;
                if (level > 1) {
                    inner(child, sibling, level - 1, childIndex);
                } else if (isNew(child, sibling, 0, childIndex)) {
                    leaves.add(new Leaf(child, childIndex));
                }
            }
            if (!leaves.isEmpty()) {
                visitor.leaves(leaves);
            }
        }
    }
}
