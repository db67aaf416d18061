package io.varve.store.session;

import io.varve.store.chunk.ChunkCodec;
import io.varve.store.chunk.ChunkHasher;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.chunk.Compression;
import io.varve.store.chunk.XxHash;
import io.varve.store.chunk.Zeros;
import io.varve.store.crypt.ChunkSealer;
import io.varve.store.crypt.LockedRepositoryException;
import io.varve.store.crypt.Protection;
import io.varve.store.map.MapPage;
import io.varve.store.map.PageSink;
import io.varve.store.pack.FrameHeader;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A way into the packs: id, dedup, compress, seal, decode check, append. Used by one worker at a time, one after the
 * other if they like. Not thread-safe. Holds 2.1 times the largest chunk in direct memory, 4.1 times when it seals.
 */
public final class ChunkWriter implements PageSink {
    private final WriteSession session;
    private final ChunkHasher hasher;
    private final ChunkCodec codec;
    private final ChunkSealer sealer;
    private final ByteBuffer pageBuffer = ByteBuffer.allocateDirect(MapPage.SIZE);
    private long pageBytesStored;

    ChunkWriter(WriteSession session, int maxRawLength, Compression compression) throws LockedRepositoryException {
        Protection protection = session.repository().protection();
        this.session = session;
        this.hasher = protection.newHasher();
        this.codec = new ChunkCodec(Math.max(maxRawLength, MapPage.SIZE), compression);
        this.sealer = protection.newSealer(maxRawLength);
    }

    /** The id of {@code content}, position to limit, which do not move: {@code ZERO} for zeros of any length. */
    public ChunkId id(ByteBuffer content) {
        return Zeros.isZero(content) ? ChunkId.ZERO : hasher.id(content);
    }

    /**
     * The id of a piece of a file: that of its bytes also when all of them are zeros, since {@code ZERO} would not say
     * how many there are.
     */
    public ChunkId pieceId(ByteBuffer content) {
        return hasher.id(content);
    }

    /**
     * Stores a chunk unless the repository has it or another worker is storing it.
     *
     * @param id that of {@code plaintext}, not {@code ZERO}
     * @return bytes the chunk takes in its pack; 0 when nothing was stored
     */
    public int put(ChunkKind kind, ChunkId id, ByteBuffer plaintext) throws IOException {
        if (!session.claim(id)) {
            return 0;
        }
        ChunkCodec.Encoded encoded = sealer.seal(kind, id, plaintext.remaining(), codec.encode(plaintext));
        FrameHeader header = new FrameHeader(
                kind,
                encoded.codec(),
                plaintext.remaining(),
                encoded.payload().remaining(),
                id,
                XxHash.hash64(encoded.payload()));
        session.append(header, encoded.payload());
        return header.frameLength();
    }

    /**
     * As {@link #put}, for a chunk that comes from a repository which names and seals chunks alike: its frame goes into
     * the pack as it is.
     *
     * @param payload position to limit; consumed if it is stored
     */
    public int move(FrameHeader header, ByteBuffer payload) throws IOException {
        if (!session.claim(header.id())) {
            return 0;
        }
        session.append(header, payload);
        return header.frameLength();
    }

    @Override
    public ChunkId store(MapPage page) throws IOException {
        page.encode(pageBuffer);
        ChunkId id = hasher.id(ChunkKind.MAP_PAGE, pageBuffer);
        pageBytesStored += put(ChunkKind.MAP_PAGE, id, pageBuffer);
        return id;
    }

    /** Bytes that map pages stored by this writer take in packs. */
    public long pageBytesStored() {
        return pageBytesStored;
    }
}
