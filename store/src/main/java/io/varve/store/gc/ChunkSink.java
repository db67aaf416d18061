package io.varve.store.gc;

import io.varve.store.chunk.ChunkId;

/** Takes the chunks that marking comes by. */
@FunctionalInterface
interface ChunkSink {
    void add(ChunkId id);
}
