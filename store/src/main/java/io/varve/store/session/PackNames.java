package io.varve.store.session;

import io.varve.store.chunk.ChunkCodec;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.chunk.XxHash;
import io.varve.store.crypt.Protection;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.pack.FrameHeader;
import io.varve.store.pack.PackFooter;
import io.varve.store.pack.PackWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

/**
 * Makes names of packs unique. A pack is named after its frames, so two with the same frames have one name. Where a
 * deletion can arrive late ({@code docs/protocol.md}, section 7) it must not hit a later pack: there each pack begins
 * with a chunk of random bytes that nothing refers to.
 *
 * <p>Thread-safe.
 */
public final class PackNames {
    private static final int LENGTH = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Protection protection;
    private final ChunkCodec codec = new ChunkCodec(LENGTH);

    PackNames(Protection protection) {
        this.protection = protection;
    }

    /**
     * Appends the random chunk to a pack that is empty.
     *
     * @throws io.varve.store.crypt.LockedRepositoryException when the repository is encrypted and was not unlocked
     */
    synchronized void begin(PackWriter pack) throws IOException {
        byte[] random = new byte[LENGTH];
        RANDOM.nextBytes(random);
        ByteBuffer content = ByteBuffer.allocateDirect(LENGTH).put(random).flip();
        ChunkId id = protection.newHasher().id(content);
        ChunkCodec.Encoded encoded =
                protection.newSealer(LENGTH).seal(ChunkKind.FILE_PIECE, id, LENGTH, codec.encode(content));
        FrameHeader header = new FrameHeader(
                ChunkKind.FILE_PIECE,
                encoded.codec(),
                LENGTH,
                encoded.payload().remaining(),
                id,
                XxHash.hash64(encoded.payload()));
        pack.append(header, encoded.payload());
    }

    /** Whether a frame looks like the random chunk of its pack. Collection does not count it as waste. */
    public static boolean isRandomChunk(PackFooter footer, int frame) throws CorruptDataException {
        FrameHeader header = frame == 0 ? footer.header(frame) : null;
        return header != null && header.kind() == ChunkKind.FILE_PIECE && header.rawLength() == LENGTH;
    }
}
