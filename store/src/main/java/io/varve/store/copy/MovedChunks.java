package io.varve.store.copy;

import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.pack.FrameHeader;
import io.varve.store.session.ChunkWriter;
import io.varve.store.session.WriteSession;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Transfers between repositories that name and seal chunks alike: frames are copied byte for byte and ids stay the
 * same.
 */
final class MovedChunks implements ChunkTransfer {
    private final WriteSession to;
    private final ChunkWriter writer;

    MovedChunks(WriteSession to, ChunkWriter writer) {
        this.to = to;
        this.writer = writer;
    }

    @Override
    public ChunkId present(ChunkId source) throws IOException {
        return to.find(source) == null ? null : source;
    }

    @Override
    public Sent send(ChunkKind kind, ByteBuffer plaintext, FrameHeader header, ByteBuffer payload) throws IOException {
        return new Sent(header.id(), writer.move(header, payload));
    }
}
