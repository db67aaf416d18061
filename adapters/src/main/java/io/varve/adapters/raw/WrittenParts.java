package io.varve.adapters.raw;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Which parts of a new file may hold something else than zeros, in pieces of 1 MiB: one bit each, 8 MiB of heap for 64 TiB.
 * Threads may mark and ask at once; a mark made before a write is seen by everyone who is told of the write.
 */
final class WrittenParts {
    private static final int PIECE_SHIFT = 20;

    private final AtomicLongArray bits;

    /** @param size bytes of the file */
    WrittenParts(long size) {
        long pieces = (size >>> PIECE_SHIFT) + 1;
        bits = new AtomicLongArray(Math.toIntExact(pieces / Long.SIZE + 1));
    }

    void mark(long offset, long length) {
        if (length == 0) {
            return;
        }
        long last = (offset + length - 1) >>> PIECE_SHIFT;
        for (long piece = offset >>> PIECE_SHIFT; piece <= last; piece++) {
            int word = (int) (piece / Long.SIZE);
            long bit = 1L << piece % Long.SIZE;
            if ((bits.get(word) & bit) == 0) {
                bits.getAndUpdate(word, old -> old | bit);
            }
        }
    }

    /** Whether the piece that holds {@code offset} was marked. */
    boolean isMarked(long offset) {
        long piece = offset >>> PIECE_SHIFT;
        return (bits.get((int) (piece / Long.SIZE)) & 1L << piece % Long.SIZE) != 0;
    }

    /** First offset behind the piece that holds {@code offset}. */
    long pieceEnd(long offset) {
        return ((offset >>> PIECE_SHIFT) + 1) << PIECE_SHIFT;
    }
}
