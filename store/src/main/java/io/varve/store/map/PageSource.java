package io.varve.store.map;

import io.varve.store.chunk.ChunkId;
import java.io.IOException;

/** Reads pages. Thread-safe. */
@FunctionalInterface
public interface PageSource {
    /**
     * Returns the page with this id, verified.
     *
     * @param id not {@code ZERO}
     * @throws io.varve.store.fault.CorruptDataException if it is missing, damaged or of another level
     */
    MapPage page(ChunkId id, int level) throws IOException;
}
