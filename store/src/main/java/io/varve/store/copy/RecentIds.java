package io.varve.store.copy;

import io.varve.store.chunk.ChunkId;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What chunks of the source are called in the target: those met last, so that what disks and snapshots share is not
 * read again. For one thread. About 160 bytes of heap each.
 */
final class RecentIds {
    private final Map<ChunkId, ChunkId> ids;

    /** @param most how many to remember */
    RecentIds(int most) {
        ids = new LinkedHashMap<>(64, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<ChunkId, ChunkId> eldest) {
                return size() > most;
            }
        };
    }

    /** The id in the target, or null when it is not known (any more). */
    ChunkId get(ChunkId source) {
        return ids.get(source);
    }

    void put(ChunkId source, ChunkId target) {
        ids.put(source, target);
    }
}
