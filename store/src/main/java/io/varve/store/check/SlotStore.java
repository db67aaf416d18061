package io.varve.store.check;

import java.io.Closeable;
import java.io.IOException;

/** An array of pairs of numbers, all 0 at first. Many may read while nobody writes. */
interface SlotStore extends Closeable {
    int SLOT_BYTES = 2 * Long.BYTES;

    /** A power of two. */
    long capacity();

    long key(long slot) throws IOException;

    long value(long slot) throws IOException;

    void put(long slot, long key, long value) throws IOException;
}
