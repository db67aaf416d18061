package io.varve.store.gc;

import io.varve.store.chunk.ChunkId;
import java.util.HashSet;
import java.util.Set;

/**
 * Chunks for which an exact answer is required whether a snapshot needs them. The filter is wrong about one in 1,700,
 * so there are few; a second marking decides.
 */
final class Suspects implements ChunkSink {
    private final Set<ChunkId> suspects = new HashSet<>();
    private final Set<ChunkId> needed = new HashSet<>();

    void suspect(ChunkId id) {
        suspects.add(id);
    }

    boolean isEmpty() {
        return suspects.isEmpty();
    }

    @Override
    public void add(ChunkId id) {
        if (suspects.contains(id)) {
            needed.add(id);
        }
    }

    /** Whether marking visited it. */
    boolean isNeeded(ChunkId id) {
        return needed.contains(id);
    }
}
