package io.varve.store.crypt;

import io.varve.store.pack.FrameHeader;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Payload → plaintext, proven. Not thread-safe: every worker has its own. */
@FunctionalInterface
public interface ChunkOpener {
    /**
     * Fills {@code target} (position to limit, as long as the header says, not moved) with the plaintext of
     * {@code payload}.
     *
     * @param object name of the pack, for messages
     * @param offset of the frame in the pack
     * @throws io.varve.store.fault.CorruptDataException when it is not the chunk of that id; the target's content is
     *     undefined then
     * @throws LockedRepositoryException when it takes a key that is not there
     */
    void open(FrameHeader header, ByteBuffer payload, ByteBuffer target, String object, long offset) throws IOException;
}
