package io.varve.store.copy;

import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.pack.FrameHeader;
import io.varve.store.session.ChunkWriter;
import io.varve.store.session.WriteSession;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Transfers between repositories with different keys, or of which only one is encrypted. Each chunk gets the id and the
 * seal that a backup into the target would give it. The new id depends on the content, so every chunk has to be read.
 */
final class RenamedChunks implements ChunkTransfer {
    private final WriteSession to;
    private ChunkWriter writer;
    private int maxRawLength;

    RenamedChunks(WriteSession to, ChunkWriter writer, int maxRawLength) {
        this.to = to;
        this.writer = writer;
        this.maxRawLength = maxRawLength;
    }

    @Override
    public ChunkId present(ChunkId source) {
        return null;
    }

    @Override
    public Sent send(ChunkKind kind, ByteBuffer plaintext, FrameHeader header, ByteBuffer payload) throws IOException {
        if (plaintext.remaining() > maxRawLength) { // a piece of a file, which may be larger than a block
            maxRawLength = plaintext.remaining();
            writer = to.newChunkWriter(maxRawLength);
        }
        ChunkId id = kind == ChunkKind.FILE_PIECE ? writer.pieceId(plaintext) : writer.id(plaintext);
        return new Sent(id, id.isZero() ? 0 : writer.put(kind, id, plaintext));
    }
}
