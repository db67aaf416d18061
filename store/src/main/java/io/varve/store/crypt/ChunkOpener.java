package io.varve.store.crypt;

import io.varve.store.pack.FrameHeader;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Turns the payload of a frame into plaintext, and verifies it. Not thread-safe: each worker has one. */
@FunctionalInterface
public interface ChunkOpener {
    /**
     * Fills {@code target} with the plaintext of {@code payload}, from position to limit, which must be the length that
     * the header gives. No position moves.
     *
     * @param object name of the pack, for messages
     * @param offset of the frame in the pack
     * @throws io.varve.store.fault.CorruptDataException if the plaintext is not the chunk with this id; the content of
     *     the target is undefined then
     * @throws LockedRepositoryException if a key is needed and not available
     */
    void open(FrameHeader header, ByteBuffer payload, ByteBuffer target, String object, long offset) throws IOException;
}
