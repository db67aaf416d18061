package io.varve.adapters.file;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A fixed number of bits, all clear at first, that record which pieces of a new file were written. Thread-safe. Takes
 * one bit of heap per piece.
 */
public final class AtomicBits {
    private final long count;
    private final AtomicLongArray words;

    public AtomicBits(long count) {
        this.count = count;
        this.words = new AtomicLongArray(Math.toIntExact((count + Long.SIZE - 1) / Long.SIZE));
    }

    public void set(long bit) {
        int word = (int) (bit / Long.SIZE);
        long mask = 1L << bit % Long.SIZE;
        if ((words.get(word) & mask) == 0) {
            words.getAndUpdate(word, old -> old | mask);
        }
    }

    public boolean get(long bit) {
        return (words.get((int) (bit / Long.SIZE)) & 1L << bit % Long.SIZE) != 0;
    }

    /** Returns the first set bit from {@code bit} on; the number of bits if there is none. */
    public long next(long bit) {
        if (bit >= count) {
            return count;
        }
        int word = (int) (bit / Long.SIZE);
        long rest = words.get(word) & -1L << bit % Long.SIZE;
        while (rest == 0) {
            if (++word == words.length()) {
                return count;
            }
            rest = words.get(word);
        }
        return (long) word * Long.SIZE + Long.numberOfTrailingZeros(rest);
    }
}
