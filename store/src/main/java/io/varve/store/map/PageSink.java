package io.varve.store.map;

import io.varve.store.chunk.ChunkId;
import java.io.IOException;

/** Where new pages are stored. */
@FunctionalInterface
public interface PageSink {
    /** Stores {@code page}, unless it is there already, and gives its id. Not called for a page of zeros. */
    ChunkId store(MapPage page) throws IOException;
}
