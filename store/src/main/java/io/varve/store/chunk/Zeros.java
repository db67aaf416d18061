package io.varve.store.chunk;

import java.nio.ByteBuffer;

/** Detects all-zero content, at memory speed. */
public final class Zeros {
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(64 << 10).asReadOnlyBuffer();

    private Zeros() {}

    /** Whether {@code content} is all zeros from position to limit; neither moves. True if it is empty. */
    public static boolean isZero(ByteBuffer content) {
        int end = content.limit();
        for (int position = content.position(); position < end; position += ZEROS.capacity()) {
            int length = Math.min(ZEROS.capacity(), end - position);
            // Most non-zero content differs within its first bytes, so mismatch returns at once.
            if (content.slice(position, length).mismatch(ZEROS.slice(0, length)) >= 0) {
                return false;
            }
        }
        return true;
    }

    /** Fills {@code target} with zeros from position to limit; neither moves. */
    public static void fill(ByteBuffer target) {
        ByteBuffer rest = target.duplicate();
        while (rest.hasRemaining()) {
            rest.put(ZEROS.slice(0, Math.min(ZEROS.capacity(), rest.remaining())));
        }
    }
}
