package io.varve.store.copy;

import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.pack.FrameHeader;
import java.io.IOException;
import java.nio.ByteBuffer;

/** How a chunk of the source becomes one of the target. For one thread. */
interface ChunkTransfer {
    /** The chunk's id in the target, if it is known to be there without being read; otherwise null. */
    ChunkId present(ChunkId source) throws IOException;

    /**
     * Brings a chunk into the target, unless it is there.
     *
     * @param kind what it is used as
     * @param plaintext proven by its id in the source
     * @param header of the frame it came from
     * @param payload of that frame
     */
    Sent send(ChunkKind kind, ByteBuffer plaintext, FrameHeader header, ByteBuffer payload) throws IOException;

    /**
     * @param id in the target
     * @param storedBytes that it takes in a pack there; 0 when it was there already
     */
    record Sent(ChunkId id, int storedBytes) {}
}
