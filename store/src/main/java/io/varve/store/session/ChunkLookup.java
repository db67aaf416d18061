package io.varve.store.session;

import io.varve.store.chunk.ChunkId;
import io.varve.store.index.Place;
import java.io.IOException;
import java.util.List;

/** Finds the places of chunks. Thread-safe. */
@FunctionalInterface
public interface ChunkLookup {
    /** The place of a chunk, or null when no pack is known to have it. */
    Place find(ChunkId id) throws IOException;

    /**
     * Another place of a chunk, when the pack that {@link #find} named is gone: a collection has moved the chunk since
     * this lookup was created. Null when there is none.
     */
    default Place findAgain(ChunkId id, Place gone) throws IOException {
        return null;
    }

    /**
     * Other places of a chunk, when it is damaged at the place that {@link #find} returned. Empty when none is known.
     */
    default List<Place> findCopies(ChunkId id, Place damaged) throws IOException {
        return List.of();
    }
}
