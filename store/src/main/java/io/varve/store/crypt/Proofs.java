package io.varve.store.crypt;

import static io.varve.store.pack.PackFormat.FRAME_HEADER_SIZE;

import io.varve.store.chunk.ChunkHasher;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.pack.FrameHeader;
import java.nio.ByteBuffer;

/** The exceptions for payloads that fail verification. */
final class Proofs {
    private Proofs() {}

    static CorruptDataException undecodable(String object, long offset, String expected, String found) {
        return new CorruptDataException(object, offset + FRAME_HEADER_SIZE, expected, found);
    }

    static void id(ChunkHasher hasher, FrameHeader header, ByteBuffer plaintext, String object, long offset)
            throws CorruptDataException {
        ChunkId id = hasher.id(header.kind(), plaintext);
        if (!id.equals(header.id())) {
            throw undecodable(object, offset, "content with id " + header.id().hex(), "content with id " + id.hex());
        }
    }
}
