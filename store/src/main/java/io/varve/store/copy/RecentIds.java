package io.varve.store.copy;

import io.varve.store.chunk.ChunkId;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A cache of the most recently used ids: chunk id in the source → chunk id in the target. With it, chunks that disks
 * and snapshots share are not read again. For one thread. About 160 bytes of heap per entry.
 */
final class RecentIds {
    private final Map<ChunkId, ChunkId> ids;

    /** @param most number of entries */
    RecentIds(int most) {
        ids = new LinkedHashMap<>(64, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<ChunkId, ChunkId> eldest) {
                return size() > most;
            }
        };
    }

    /** Returns the id in the target, or null if it is not in the cache. */
    ChunkId get(ChunkId source) {
        return ids.get(source);
    }

    void put(ChunkId source, ChunkId target) {
        ids.put(source, target);
    }
}
