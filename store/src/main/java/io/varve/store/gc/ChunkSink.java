package io.varve.store.gc;

import io.varve.store.chunk.ChunkId;

/** Receives the chunks that marking visits. */
@FunctionalInterface
interface ChunkSink {
    void add(ChunkId id);
}
