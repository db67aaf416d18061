package io.varve.adapters.chain;

import java.nio.ByteBuffer;

/** Content of what has no place in a file. */
public final class Zeros {
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(64 << 10).asReadOnlyBuffer();

    private Zeros() {}

    /** Fills {@code target} from position to limit. */
    public static void fill(ByteBuffer target) {
        while (target.hasRemaining()) {
            target.put(ZEROS.duplicate().limit(Math.min(ZEROS.capacity(), target.remaining())));
        }
    }
}
