package io.varve.store.chunk;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * Name of a chunk, 32 bytes: the SHA-256 of its plaintext, or its HMAC-SHA-256 where the repository is encrypted. Packs
 * are named the same way, by the SHA-256 of their footer.
 *
 * <p>Held as four big-endian longs, so that {@link #compareTo} orders ids as their bytes do. That takes 48 bytes of
 * heap and no array.
 */
public final class ChunkId implements Comparable<ChunkId> {
    /** Size of an id in bytes. */
    public static final int SIZE = 32;

    /** The id of all-zero content of any length. Such content is never stored. */
    public static final ChunkId ZERO = new ChunkId(0, 0, 0, 0);

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final long word0;
    private final long word1;
    private final long word2;
    private final long word3;

    private ChunkId(long word0, long word1, long word2, long word3) {
        this.word0 = word0;
        this.word1 = word1;
        this.word2 = word2;
        this.word3 = word3;
    }

    /** Reads the id at {@code bytes[position, position + 32)}. */
    public static ChunkId read(byte[] bytes, int position) {
        return new ChunkId(
                (long) LONGS.get(bytes, position),
                (long) LONGS.get(bytes, position + 8),
                (long) LONGS.get(bytes, position + 16),
                (long) LONGS.get(bytes, position + 24));
    }

    /**
     * @throws IllegalArgumentException if {@code hex} is not 64 lower-case hexadecimal digits; upper case is refused so
     *     that an id has exactly one text form
     */
    public static ChunkId parse(String hex) {
        if (hex.length() != 2 * SIZE) {
            throw new IllegalArgumentException("an id has 64 hexadecimal digits, not " + hex.length());
        }
        for (int i = 0; i < hex.length(); i++) {
            if (hex.charAt(i) >= 'A' && hex.charAt(i) <= 'F') {
                throw new IllegalArgumentException("an id has lower-case digits");
            }
        }
        return new ChunkId(
                HexFormat.fromHexDigitsToLong(hex, 0, 16),
                HexFormat.fromHexDigitsToLong(hex, 16, 32),
                HexFormat.fromHexDigitsToLong(hex, 32, 48),
                HexFormat.fromHexDigitsToLong(hex, 48, 64));
    }

    public void write(byte[] bytes, int position) {
        LONGS.set(bytes, position, word0);
        LONGS.set(bytes, position + 8, word1);
        LONGS.set(bytes, position + 16, word2);
        LONGS.set(bytes, position + 24, word3);
    }

    public byte[] toBytes() {
        byte[] bytes = new byte[SIZE];
        write(bytes, 0);
        return bytes;
    }

    public boolean isZero() {
        return (word0 | word1 | word2 | word3) == 0;
    }

    /** Bytes 0 to 7, uniformly distributed, for use in hash tables. */
    public long firstWord() {
        return word0;
    }

    /** Bytes 8 to 15. */
    public long secondWord() {
        return word1;
    }

    /** Whether {@code bytes[position, position + 32)} is this id. Avoids creating an object per comparison. */
    public boolean isAt(byte[] bytes, int position) {
        return word0 == (long) LONGS.get(bytes, position)
                && word1 == (long) LONGS.get(bytes, position + 8)
                && word2 == (long) LONGS.get(bytes, position + 16)
                && word3 == (long) LONGS.get(bytes, position + 24);
    }

    public String hex() {
        return HexFormat.of().formatHex(toBytes());
    }

    @Override
    public int compareTo(ChunkId other) {
        int order = Long.compareUnsigned(word0, other.word0);
        if (order == 0) {
            order = Long.compareUnsigned(word1, other.word1);
        }
        if (order == 0) {
            order = Long.compareUnsigned(word2, other.word2);
        }
        return order == 0 ? Long.compareUnsigned(word3, other.word3) : order;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChunkId && compareTo((ChunkId) other) == 0;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(word0);
    }

    /** The first 12 hexadecimal digits, enough to recognise a chunk in a message. */
    @Override
    public String toString() {
        return isZero() ? "ZERO" : hex().substring(0, 12);
    }
}
