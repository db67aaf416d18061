package io.varve.store.chunk;

import java.nio.ByteBuffer;

/**
 * Compresses a chunk and proves that it decompresses to the same bytes. Not thread-safe: every worker has its own.
 * Holds 2.1 times the largest chunk in direct memory.
 */
public final class ChunkCodec {
    private final Compression compression;
    private final ByteBuffer compressed;
    private final ByteBuffer decoded;

    /** LZ4; see below. */
    public ChunkCodec(int maxRawLength) {
        this(maxRawLength, Compression.LZ4);
    }

    /** @param maxRawLength bytes of the largest chunk that will be encoded */
    public ChunkCodec(int maxRawLength, Compression compression) {
        this.compression = compression;
        compressed = ByteBuffer.allocateDirect(Lz4.maxCompressedLength(maxRawLength));
        decoded = ByteBuffer.allocateDirect(maxRawLength);
    }

    /** Payload of a frame, valid until the next call. */
    public record Encoded(Codec codec, ByteBuffer payload) {}

    /**
     * Compressed where that saves at least a sixteenth, otherwise the plaintext itself.
     *
     * @param plaintext position to limit, which do not move
     * @throws IllegalStateException when the codec did not give back what went in; nothing may be stored then
     */
    public Encoded encode(ByteBuffer plaintext) {
        int rawLength = plaintext.remaining();
        int length = compress(plaintext, rawLength - rawLength / 16 - 1);
        if (length < 0) {
            return new Encoded(Codec.RAW, plaintext.duplicate());
        }
        ByteBuffer payload = compressed.slice(0, length);
        ByteBuffer check = decoded.slice(0, rawLength);
        if (!decode(compression.codec(), payload, check) || check.mismatch(plaintext) >= 0) {
            throw new IllegalStateException(compression.codec() + " did not"
                    + " return the " + rawLength + " bytes it compressed: faulty memory or a broken"
                    + " library; nothing was stored");
        }
        return new Encoded(compression.codec(), payload);
    }

    /** Compressed length, or -1 when that would be more than {@code most}. */
    private int compress(ByteBuffer plaintext, int most) {
        if (most <= 0 || compression.codec() == Codec.RAW) {
            return -1;
        }
        if (compression.codec() == Codec.ZSTD) {
            return Zstandard.compress(plaintext, compressed.clear().limit(most), compression.level());
        }
        // All the room it may need: then LZ4 need not look where the target ends, and what is random goes by at 8 GB/s.
        int length = Lz4.compress(plaintext, compressed.clear());
        return length <= most ? length : -1;
    }

    /**
     * Decodes {@code payload} into {@code target}, filling it from position to limit (which do not move). What is
     * sealed must be opened first.
     *
     * @return whether the payload is sound and has the right length
     */
    public static boolean decode(Codec codec, ByteBuffer payload, ByteBuffer target) {
        if (codec == Codec.LZ4) {
            return Lz4.decompress(payload, target);
        }
        if (codec == Codec.ZSTD) {
            return Zstandard.decompress(payload, target);
        }
        if (codec != Codec.RAW || payload.remaining() != target.remaining()) {
            return false;
        }
        target.put(target.position(), payload, payload.position(), payload.remaining());
        return true;
    }
}
