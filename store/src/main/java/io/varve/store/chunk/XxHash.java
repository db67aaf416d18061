package io.varve.store.chunk;

import java.nio.ByteBuffer;
import net.openhft.hashing.LongHashFunction;
import net.openhft.hashing.LongTupleHashFunction;

/**
 * XXH3 (seed 0) of stored bytes: finds damage, proves no identity. Thread-safe.
 *
 * <p>The library reads a direct buffer's address through {@code sun.nio.ch}, which the launcher exports
 * ({@code Add-Exports} in the jar's manifest). Where that is missing the bytes are copied first: slower, same result.
 */
public final class XxHash {
    private static final LongHashFunction XXH3_64 = LongHashFunction.xx3();
    private static final LongTupleHashFunction XXH3_128 = LongTupleHashFunction.xx128();
    private static final boolean DIRECT = canReadDirectBuffers();

    private XxHash() {}

    /** XXH3-64 of {@code bytes} from position to limit, whose position does not move. */
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

    /** XXH3-128 as {low 64 bits, high 64 bits}. */
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
