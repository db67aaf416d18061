package io.varve.adapters.chain;

import java.nio.ByteBuffer;

/** The content of parts that no file holds. */
public final class Zeros {
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(64 << 10).asReadOnlyBuffer();

    private Zeros() {}

    /** Fills {@code target} with zeros from position to limit. */
    public static void fill(ByteBuffer target) {
        while (target.hasRemaining()) {
            target.put(ZEROS.duplicate().limit(Math.min(ZEROS.capacity(), target.remaining())));
        }
    }
}
