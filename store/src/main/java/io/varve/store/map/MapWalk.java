package io.varve.store.map;

import io.varve.store.chunk.ChunkId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Comes by every distinct page of many block maps, by hardly any of them twice, in bounded memory: what a disk shares
 * with the same disk one snapshot earlier is passed over by comparing the two maps, what it shares with others by a
 * {@link PageSet}, which may forget. For one thread.
 */
public final class MapWalk {
    private final PageSet visited;
    private final Map<String, Root> previous = new HashMap<>();

    /** @param visited empty */
    public MapWalk(PageSet visited) {
        this.visited = visited;
    }

    private record Root(ChunkId id, int level) {}

    /**
     * A leaf.
     *
     * @param index covers blocks [index × 256, (index + 1) × 256)
     */
    public record Leaf(ChunkId id, long index) {}

    /** What to do with the pages of one disk. */
    public interface Visitor {
        /**
         * A page above the leaves that was not visited before.
         *
         * @param index among the pages of its level
         * @return its content, or null when what lies below it cannot be visited
         */
        MapPage inner(ChunkId id, int level, long index) throws IOException;

        /** A page above the leaves that was visited before, to compare with; null when it cannot be had. */
        MapPage again(ChunkId id, int level) throws IOException;

        /** Leaves that were not visited before: neighbours, at most 256. */
        void leaves(List<Leaf> leaves) throws IOException;
    }

    /**
     * Walks one map.
     *
     * @param disk name of what it is a map of: the next one of the same name is compared with it
     */
    public void walk(String disk, ChunkId root, MapShape shape, Visitor visitor) throws IOException {
        int level = shape.rootLevel();
        Root before = previous.put(disk, new Root(root, level));
        ChunkId other = before != null && before.level() == level ? before.id() : ChunkId.ZERO;
        if (level > 0) {
            inner(root, other, level, 0, visitor);
        } else if (isNew(root, other)) {
            visitor.leaves(List.of(new Leaf(root, 0)));
        }
    }

    /** Distinct pages, or a few more where memory did not suffice. */
    public long pages() {
        return visited.count();
    }

    private boolean isNew(ChunkId id, ChunkId other) {
        return !id.isZero() && !id.equals(other) && visited.add(id);
    }

    private void inner(ChunkId id, ChunkId other, int level, long index, Visitor visitor) throws IOException {
        if (!isNew(id, other)) {
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
                inner(child, sibling, level - 1, childIndex, visitor);
            } else if (isNew(child, sibling)) {
                leaves.add(new Leaf(child, childIndex));
            }
        }
        if (!leaves.isEmpty()) {
            visitor.leaves(leaves);
        }
    }
}
