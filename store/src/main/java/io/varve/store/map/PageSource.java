package io.varve.store.map;

import io.varve.store.chunk.ChunkId;
import java.io.IOException;

/** Where pages are read from. Thread-safe. */
@FunctionalInterface
public interface PageSource {
    /**
     * The page with this id, verified.
     *
     * @param id not {@code ZERO}
     * @throws io.varve.store.fault.CorruptDataException when it is missing, damaged or of another level
     */
    MapPage page(ChunkId id, int level) throws IOException;
}
