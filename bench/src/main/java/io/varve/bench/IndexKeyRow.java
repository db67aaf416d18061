package io.varve.bench;

import io.varve.store.chunk.ChunkId;
import java.nio.ByteBuffer;

/**
 * Ids of made-up chunks that can be computed from their number, so that a hundred million need no memory. Evenly spread
 * and ascending, but for their last 24 bytes as random as digests.
 */
final class IndexKeyRow {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final long step;

    IndexKeyRow(long count) {
        this.step = Long.divideUnsigned(-1L, count);
    }

    /** Number {@code number} of those that exist. */
    byte[] present(long number) {
        return key(number * step, number);
    }

    /** One that does not exist, with the place between two that do. */
    byte[] absent(long number) {
        return key(number * step + step / 2, ~number);
    }

    private static byte[] key(long first, long seed) {
        ByteBuffer key = ByteBuffer.allocate(ChunkId.SIZE).putLong(first);
        long state = seed;
        while (key.hasRemaining()) {
            state += GOLDEN;
            long mixed = (state ^ state >>> 30) * 0xBF58476D1CE4E5B9L;
            key.putLong(mixed ^ mixed >>> 27);
        }
        return key.array();
    }
}
