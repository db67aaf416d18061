package io.varve.store.crypt;

import io.varve.store.chunk.ChunkCodec;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.ChunkKind;

/** Encrypts an encoded chunk, the last step before it is appended to a pack. Not thread-safe: each worker has one. */
@FunctionalInterface
public interface ChunkSealer {
    /**
     * Returns the payload to store, valid until the next call; {@code encoded} itself if it is not to be encrypted.
     *
     * @throws IllegalStateException if opening the seal does not give the content back; nothing may be stored then
     */
    ChunkCodec.Encoded seal(ChunkKind kind, ChunkId id, int rawLength, ChunkCodec.Encoded encoded);
}
