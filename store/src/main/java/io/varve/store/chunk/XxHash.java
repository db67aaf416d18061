package io.varve.store.chunk;

import java.nio.ByteBuffer;
import net.openhft.hashing.LongHashFunction;
import net.openhft.hashing.LongTupleHashFunction;

/**
 * XXH3 with seed 0, over stored bytes. It detects damage; it is not cryptographic and never identifies content.
 * Thread-safe.
 *
 * <p>The library gets a direct buffer's address through {@code sun.nio.ch}, which the jar's manifest exports
 * ({@code Add-Exports}). Without that export the bytes are copied first, which is slower and gives the same result.
 */
public final class XxHash {
    private static final LongHashFunction XXH3_64 = LongHashFunction.xx3();
    private static final LongTupleHashFunction XXH3_128 = LongTupleHashFunction.xx128();
    private static final boolean DIRECT = canReadDirectBuffers();

    private XxHash() {}

    /** Returns the XXH3-64 of {@code bytes}, from position to limit; neither moves. */
    public static long hash64(ByteBuffer bytes) {
        if (!bytes.isDirect() || DIRECT) {
            return XXH3_64.hashBytes(bytes, bytes.position(), bytes.remaining());
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(bytes.position(), copy);
        return XXH3_64.hashBytes(copy);
    }

    public static long hash64(byte[] bytes, int offset, int length) {
        return XXH3_64.hashBytes(bytes, offset, length);
    }

    /** Returns the XXH3-128 as {low 64 bits, high 64 bits}. */
    public static long[] hash128(byte[] bytes, int offset, int length) {
        return XXH3_128.hashBytes(bytes, offset, length);
    }

    private static boolean canReadDirectBuffers() {
        try {
            ByteBuffer probe = ByteBuffer.allocateDirect(8);
            return XXH3_64.hashBytes(probe, 0, 8) == XXH3_64.hashBytes(new byte[8]);
        } catch (IllegalAccessError e) {
            return false;
        }
    }
}
