package io.varve.adapters.vhdx;

import java.nio.ByteBuffer;

/** Content of what has no place in a file. */
final class Zeros {
    private static final ByteBuffer ZEROS =
            ByteBuffer.allocateDirect(64 * VhdxFormat.KIB).asReadOnlyBuffer();

    private Zeros() {}

    /** Fills {@code target} from position to limit. */
    static void fill(ByteBuffer target) {
        while (target.hasRemaining()) {
            target.put(ZEROS.duplicate().limit(Math.min(ZEROS.capacity(), target.remaining())));
        }
    }
}
