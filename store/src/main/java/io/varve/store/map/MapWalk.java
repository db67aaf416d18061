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
 * Comes by every distinct page of many block maps, by hardly any of them twice, in bounded memory: what a disk shares
 * with the same disk one snapshot earlier is passed over by comparing the two maps, what it shares with others by a
 * {@link PageSet}, which may forget. For one thread.
 */
public final class MapWalk {
    private final PageSet visited;
    private final Set<Ending> endings = new HashSet<>();
    private final Map<String, Root> previous = new HashMap<>();

    /** @param visited empty */
    public MapWalk(PageSet visited) {
        this.visited = visited;
    }

    /** A few for each disk of each snapshot at most. */
    private record Ending(ChunkId id, MapShape shape) {}

    private record Root(ChunkId id, MapShape shape) {}

    /**
     * A leaf.
     *
     * @param index covers blocks [index × 256, (index + 1) × 256)
     */
    public record Leaf(ChunkId id, long index) {}

    /** What to do with the pages of one disk. */
    public interface Visitor {
        /**
         * A page above the leaves that was not visited before, or in which a disk of another size ended then.
         *
         * @param index among the pages of its level
         * @return its content, or null when what lies below it cannot be visited
         */
        MapPage inner(ChunkId id, int level, long index) throws IOException;

        /** A page above the leaves that was visited before, to compare with; null when it cannot be had. */
        MapPage again(ChunkId id, int level) throws IOException;

        /** Leaves that were not visited before, or likewise: neighbours, at most 256. */
        void leaves(List<Leaf> leaves) throws IOException;
    }

    /**
     * Walks one map.
     *
     * @param disk name of what it is a map of: the next one of the same name is compared with it
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

    /** Distinct pages, or a few more where memory did not suffice. */
    public long pages() {
        return visited.count();
    }

    /** Of one map. */
    private final class Walk {
        private final MapShape shape;
        private final boolean sameShape;
        private final Visitor visitor;

        /** @param sameShape whether that of the map which it is compared with is the same */
        Walk(MapShape shape, boolean sameShape, Visitor visitor) {
            this.shape = shape;
            this.sameShape = sameShape;
            this.visitor = visitor;
        }

        /** A page that the disk ends in is visited once for each size: it may be sound elsewhere, and not here. */
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
