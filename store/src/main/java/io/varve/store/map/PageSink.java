package io.varve.store.map;

import io.varve.store.chunk.ChunkId;
import java.io.IOException;

/** Stores new pages. */
@FunctionalInterface
public interface PageSink {
    /** Stores {@code page} unless it exists, and returns its id. Not called for a page of zeros. */
    ChunkId store(MapPage page) throws IOException;
}
