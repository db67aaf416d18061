package io.varve.store.chunk;

import java.nio.ByteBuffer;

/**
 * Compresses chunks, and decompresses each result to check that it gives the same bytes. Not thread-safe: each worker
 * has one. Holds 2.1 times the size of the largest chunk in direct memory.
 */
public final class ChunkCodec {
    private final Compression compression;
    private final ByteBuffer compressed;
    private final ByteBuffer decoded;

    /** A codec that compresses with LZ4. */
    public ChunkCodec(int maxRawLength) {
        this(maxRawLength, Compression.LZ4);
    }

    /** @param maxRawLength bytes of the largest chunk that will be encoded */
    public ChunkCodec(int maxRawLength, Compression compression) {
        this.compression = compression;
        compressed = ByteBuffer.allocateDirect(Lz4.maxCompressedLength(maxRawLength));
        decoded = ByteBuffer.allocateDirect(maxRawLength);
    }

    /** The payload of a frame. The buffer is valid until the next call of {@link #encode}. */
    public record Encoded(Codec codec, ByteBuffer payload) {}

    /**
     * Compresses {@code plaintext}, or returns it unchanged if that saves less than a sixteenth.
     *
     * @param plaintext read from position to limit; neither moves
     * @throws IllegalStateException if decompressing the result does not give {@code plaintext}; nothing may be stored
     *     then
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

    /** Returns the compressed length, or -1 if it would exceed {@code most}. */
    private int compress(ByteBuffer plaintext, int most) {
        if (most <= 0 || compression.codec() == Codec.RAW) {
            return -1;
        }
        if (compression.codec() == Codec.ZSTD) {
            return Zstandard.compress(plaintext, compressed.clear().limit(most), compression.level());
        }
        // The target is large enough for the worst case, so LZ4 skips its bounds checks; random data then passes at 8
        // GB/s.
        int length = Lz4.compress(plaintext, compressed.clear());
        return length <= most ? length : -1;
    }

    /**
     * Decodes {@code payload} into {@code target}, filling it from position to limit; neither moves. A sealed payload
     * must be opened first.
     *
     * @return whether the payload is intact and decodes to exactly the length of the target
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
