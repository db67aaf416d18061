package io.varve.store.session;

import io.varve.store.chunk.ChunkId;
import io.varve.store.index.Place;
import java.io.IOException;

/** Tells where chunks are. Thread-safe. */
@FunctionalInterface
public interface ChunkLookup {
    /** The place of a chunk, or null when no pack is known to have it. */
    Place find(ChunkId id) throws IOException;
}
