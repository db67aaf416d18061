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
 * Writes chunks into packs: id, dedup, compress, seal, decode check, append. Used by one worker at a time; workers may
 * take turns. Not thread-safe. Holds 2.1 times the largest chunk in direct memory, 4.1 times when it seals.
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

    /** The id of {@code content} from position to limit, both unchanged: {@code ZERO} for zeros of any length. */
    public ChunkId id(ByteBuffer content) {
        return Zeros.isZero(content) ? ChunkId.ZERO : hasher.id(content);
    }

    /** The id of a piece of a file. Zeros get the digest of their bytes too, since {@code ZERO} has no length. */
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
     * As {@link #put}, for a chunk from a repository with the same ids and seals: its frame goes into the pack
     * unchanged.
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

    /** Bytes in packs of the map pages that this writer stored. */
    public long pageBytesStored() {
        return pageBytesStored;
    }
}
