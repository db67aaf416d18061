package io.varve.store.gc;

import io.varve.store.chunk.ChunkId;

/**
 * Chunks, the stored length of each, and who needs it. Chunks are told apart by the first 8 bytes of their ids: one in
 * 10<sup>11</sup> is mistaken for another in a repository of 100 million. 16 bytes a slot, at most three quarters of
 * the slots used. For one thread.
 */
final class OwnerTable {
    private static final int FIRST_SLOTS = 1 << 16;

    private long[] keys = new long[FIRST_SLOTS]; // 0: free
    private int[] owners = new int[FIRST_SLOTS];
    private int[] lengths = new int[FIRST_SLOTS];
    private int count;

    /** Of a chunk that was not met before. */
    static final int NONE = -1;

    private static long key(ChunkId id) {
        return id.firstWord() == 0 ? 1 : id.firstWord();
    }

    private int slot(long key) {
        int slot = (int) (key * 0x9E3779B97F4A7C15L >>> 33) & (keys.length - 1);
        while (keys[slot] != 0 && keys[slot] != key) {
            slot = slot + 1 & (keys.length - 1);
        }
        return slot;
    }

    int owner(ChunkId id) {
        int slot = slot(key(id));
        return keys[slot] == 0 ? NONE : owners[slot];
    }

    /** Heap that the table takes while it grows by another chunk. */
    long bytesToGrow() {
        return count < keys.length / 4 * 3 ? 16L * keys.length : 48L * keys.length;
    }

    void add(ChunkId id, int owner, int storedLength) {
        if (count >= keys.length / 4 * 3) {
            grow();
        }
        int slot = slot(key(id));
        keys[slot] = key(id);
        owners[slot] = owner;
        lengths[slot] = storedLength;
        count++;
    }

    void change(ChunkId id, int owner) {
        owners[slot(key(id))] = owner;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldOwners = owners;
        int[] oldLengths = lengths;
        keys = new long[2 * oldKeys.length];
        owners = new int[keys.length];
        lengths = new int[keys.length];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                owners[slot] = oldOwners[i];
                lengths[slot] = oldLengths[i];
            }
        }
    }

    /** Receives an owner and the stored bytes of one of its chunks. */
    @FunctionalInterface
    interface Visitor {
        void chunk(int owner, int storedLength);
    }

    void forEach(Visitor visitor) {
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] != 0) {
                visitor.chunk(owners[i], lengths[i]);
            }
        }
    }
}
