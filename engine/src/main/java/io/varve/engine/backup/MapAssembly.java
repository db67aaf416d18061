package io.varve.engine.backup;

import io.varve.store.chunk.ChunkId;
import io.varve.store.map.BlockMap;
import io.varve.store.map.BlockMapWriter;
import io.varve.store.session.ChunkWriter;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Puts finished leaves into the new block map, in order. Workers finish out of order. A waiting leaf is only a number
 * and an id; its page is already stored. Leaves are handed out in order, so only leaves that were finished since the
 * slowest current run began have to wait: 200 bytes of heap each, for 256 blocks. Thread-safe.
 */
final class MapAssembly {
    private record Leaf(long index, ChunkId id) {}

    private final BlockMapWriter writer;
    private final ChunkWriter pages;
    private final Map<Long, Leaf> waiting = new HashMap<>();
    private long nextSequence;

    /** @param pages used only by this assembly */
    MapAssembly(BlockMap base, ChunkWriter pages) {
        this.writer = new BlockMapWriter(base, pages);
        this.pages = pages;
    }

    synchronized void leaf(long sequence, long index, ChunkId id) throws IOException {
        waiting.put(sequence, new Leaf(index, id));
        Leaf next;
        while ((next = waiting.remove(nextSequence)) != null) {
            writer.leaf(next.index, next.id);
            nextSequence++;
        }
    }

    /** Stores the remaining pages and returns the root. Called when all leaves are in. */
    synchronized ChunkId finish() throws IOException {
        if (!waiting.isEmpty()) {
            throw new IllegalStateException("leaf " + nextSequence + " never came, " + waiting.size() + " wait for it");
        }
        return writer.finish();
    }

    synchronized long bytesStored() {
        return pages.pageBytesStored();
    }
}
