package io.varve.store.check;

import io.varve.store.chunk.ChunkId;
import java.util.HashSet;
import java.util.Set;

/** Chunks and map pages that a snapshot needs and that are missing. About 100 bytes of heap each. Thread-safe. */
final class Missing {
    private static final int HEAP_SHARE = 1024; // bytes of heap per id that is kept

    private final int most;
    private final Set<ChunkId> ids = new HashSet<>();
    private final Set<Misplaced> misplaced = new HashSet<>();
    private boolean full;

    Missing() {
        this((int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / HEAP_SHARE));
    }

    /** @param most ids that are kept */
    Missing(int most) {
        this.most = most;
    }

    /** @return whether it was new; false also when no more can be kept */
    synchronized boolean add(ChunkId id) {
        if (count() >= most) {
            full = true;
            return false;
        }
        return ids.add(id);
    }

    private record Misplaced(ChunkId id, long place) {}

    /**
     * Adds a chunk or page that exists but does not fit in one place.
     *
     * @param place length of the block it is used for, or number of blocks of the disk that ends in the page
     * @return as {@link #add}
     */
    synchronized boolean addMisplaced(ChunkId id, long place) {
        if (count() >= most) {
            full = true;
            return false;
        }
        return misplaced.add(new Misplaced(id, place));
    }

    synchronized boolean contains(ChunkId id, long place) {
        return contains(id) || !misplaced.isEmpty() && misplaced.contains(new Misplaced(id, place));
    }

    synchronized boolean contains(ChunkId id) {
        return ids.contains(id);
    }

    synchronized boolean isEmpty() {
        return count() == 0;
    }

    synchronized int count() {
        return ids.size() + misplaced.size();
    }

    /** Whether more is missing than is kept. */
    synchronized boolean isFull() {
        return full;
    }
}
