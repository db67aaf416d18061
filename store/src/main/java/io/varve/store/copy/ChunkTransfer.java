package io.varve.store.copy;

import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.pack.FrameHeader;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Turns a chunk of the source into a chunk of the target. For one thread. */
interface ChunkTransfer {
    /**
     * Returns the chunk's id in the target if the target is known to have it; otherwise null, and the chunk must be
     * read.
     */
    ChunkId present(ChunkId source) throws IOException;

    /**
     * Stores a chunk in the target, unless the target has it.
     *
     * @param kind what the chunk is used as
     * @param plaintext verified by its id in the source
     * @param header of the chunk's frame in the source
     * @param payload of that frame
     */
    Sent send(ChunkKind kind, ByteBuffer plaintext, FrameHeader header, ByteBuffer payload) throws IOException;

    /**
     * @param id in the target
     * @param storedBytes bytes that it takes in a pack of the target; 0 if it was there already
     */
    record Sent(ChunkId id, int storedBytes) {}
}
