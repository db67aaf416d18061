package io.varve.store.map;

import io.varve.store.chunk.ChunkId;

/**
 * Map pages that were visited, exactly: skipping one that was not would cost its chunks. By the first 16 bytes of the
 * id, which a digest makes unique; 16 bytes a slot, between a third and two thirds of the slots used. For one thread.
 */
public final class PageSet {
    private static final int FIRST_CAPACITY = 1 << 10;

    private long[] words = new long[2 * FIRST_CAPACITY];
    private int count;

    /** @return whether it was not there before */
    public boolean add(ChunkId id) {
        if (count >= words.length / 2 / 3 * 2) {
            grow();
        }
        return insert(id.firstWord(), id.secondWord());
    }

    /** How many there are. */
    public int count() {
        return count;
    }

    private boolean insert(long a, long b) {
        // No digest begins with sixteen zero bytes, so two zero words are a free slot.
        int mask = words.length / 2 - 1;
        int slot = (int) (a ^ a >>> 32) & mask;
        while (words[2 * slot] != 0 || words[2 * slot + 1] != 0) {
            if (words[2 * slot] == a && words[2 * slot + 1] == b) {
                return false;
            }
            slot = slot + 1 & mask;
        }
        words[2 * slot] = a;
        words[2 * slot + 1] = b;
        count++;
        return true;
    }

    private void grow() {
        long[] old = words;
        words = new long[Math.multiplyExact(old.length, 2)];
        count = 0;
        for (int i = 0; i < old.length; i += 2) {
            if (old[i] != 0 || old[i + 1] != 0) {
                insert(old[i], old[i + 1]);
            }
        }
    }
}
