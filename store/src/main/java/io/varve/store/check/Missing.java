package io.varve.store.check;

import io.varve.store.chunk.ChunkId;
import java.util.HashSet;
import java.util.Set;

/** Chunks and map pages that a snapshot needs and that cannot be had. About 100 bytes of heap each. Thread-safe. */
final class Missing {
    private static final int HEAP_SHARE = 1024; // bytes of heap per id that is kept

    private final int most;
    private final Set<ChunkId> ids = new HashSet<>();
    private boolean full;

    Missing() {
        this((int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / HEAP_SHARE));
    }

    /** @param most ids that are kept */
    Missing(int most) {
        this.most = most;
    }

    /** @return whether it was not known; false too when no more can be kept */
    synchronized boolean add(ChunkId id) {
        if (ids.size() >= most) {
            full = true;
            return false;
        }
        return ids.add(id);
    }

    synchronized boolean contains(ChunkId id) {
        return ids.contains(id);
    }

    synchronized boolean isEmpty() {
        return ids.isEmpty();
    }

    synchronized int count() {
        return ids.size();
    }

    /** Whether more is missing than is kept. */
    synchronized boolean isFull() {
        return full;
    }
}
