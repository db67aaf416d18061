package io.varve.store.chunk;

import java.nio.ByteBuffer;

/** Tells all-zero content, at memory speed. */
public final class Zeros {
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(64 << 10).asReadOnlyBuffer();

    private Zeros() {}

    /**
     * Whether {@code content} is zeros from position to limit; its position does not move. True for no bytes at all.
     */
    public static boolean isZero(ByteBuffer content) {
        int end = content.limit();
        for (int position = content.position(); position < end; position += ZEROS.capacity()) {
            int length = Math.min(ZEROS.capacity(), end - position);
            // Most content that is not zero differs in its first bytes: mismatch then returns at once.
            if (content.slice(position, length).mismatch(ZEROS.slice(0, length)) >= 0) {
                return false;
            }
        }
        return true;
    }

    /** Overwrites {@code target} with zeros from position to limit; its position does not move. */
    public static void fill(ByteBuffer target) {
        ByteBuffer rest = target.duplicate();
        while (rest.hasRemaining()) {
            rest.put(ZEROS.slice(0, Math.min(ZEROS.capacity(), rest.remaining())));
        }
    }
}
