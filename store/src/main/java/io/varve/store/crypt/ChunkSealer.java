package io.varve.store.crypt;

import io.varve.store.chunk.ChunkCodec;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.ChunkKind;

/** The last step of a chunk on its way into a pack. Not thread-safe: every worker has its own. */
@FunctionalInterface
public interface ChunkSealer {
    /**
     * The payload to store, valid until the next call; {@code encoded} itself where nothing is encrypted.
     *
     * @throws IllegalStateException when the seal does not open to what went in; nothing may be stored then
     */
    ChunkCodec.Encoded seal(ChunkKind kind, ChunkId id, int rawLength, ChunkCodec.Encoded encoded);
}
