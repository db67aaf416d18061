package io.varve.store.map;

import io.varve.store.chunk.ChunkId;

/**
 * A set of visited map pages, keyed by the first 16 bytes of the id, which are unique in practice. Takes 16 bytes per
 * slot; between a third and three quarters of the slots are in use. For one thread.
 *
 * <p>It never reports a page as visited that was not, because skipping the page would lose its chunks. Once it has
 * grown to its limit it forgets pages, and these are visited twice.
 */
public final class PageSet {
    private static final int FIRST_CAPACITY = 1 << 10;
    private static final int SLOT_BYTES = 2 * Long.BYTES;
    /** How many slots are searched in a full set. */
    private static final int REACH = 8;

    private final int mostSlots;
    private long[] words = new long[2 * FIRST_CAPACITY];
    private int used;
    private long count;

    /** A set that grows to a sixteenth of the heap. */
    public PageSet() {
        this(Runtime.getRuntime().maxMemory() / 16);
    }

    /** @param mostBytes approximate limit in bytes of heap; at least 16 KiB */
    public PageSet(long mostBytes) {
        long most = FIRST_CAPACITY;
        while (2 * most * SLOT_BYTES <= mostBytes && most < 1 << 29) {
            most *= 2;
        }
        mostSlots = (int) most;
    }

    /** @return true if the page was not in the set, or has been forgotten */
    public boolean add(ChunkId id) {
        if (used >= slots() - slots() / 4 && slots() < mostSlots) {
            grow();
        }
        boolean isNew = insert(id.firstWord(), id.secondWord());
        if (isNew) {
            count++;
        }
        return isNew;
    }

    public boolean contains(ChunkId id) {
        int slot = find(id.firstWord(), id.secondWord());
        return slot >= 0 && !isFree(slot);
    }

    /** Returns how many pages were added; once the set forgets, some are counted more than once. */
    public long count() {
        return count;
    }

    private int slots() {
        return words.length / 2;
    }

    private static int slot(long word, int mask) {
        return (int) (word ^ word >>> 32) & mask;
    }

    /** Two zero words mark a free slot: in practice no digest begins with sixteen zero bytes. */
    private boolean isFree(int slot) {
        return words[2 * slot] == 0 && words[2 * slot + 1] == 0;
    }

    /** Returns the slot of the page, or a free slot for it; -1 if neither is within reach. */
    private int find(long a, long b) {
        int mask = slots() - 1;
        int slot = slot(a, mask);
        for (int step = 0; !isFree(slot); step++) {
            if (words[2 * slot] == a && words[2 * slot + 1] == b) {
                return slot;
            }
            if (isFull() && step == REACH) {
                return -1;
            }
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private boolean isFull() {
        return slots() == mostSlots && used >= slots() - slots() / 4;
    }

    private boolean insert(long a, long b) {
        int slot = find(a, b);
        if (slot < 0) {
            put(slot(a, slots() - 1) + (int) (b & REACH - 1) & slots() - 1, a, b); // replaces another page
            return true;
        }
        boolean isNew = isFree(slot);
        if (isNew) {
            put(slot, a, b);
            used++;
        }
        return isNew;
    }

    private void put(int slot, long a, long b) {
        words[2 * slot] = a;
        words[2 * slot + 1] = b;
    }

    private void grow() {
        long[] old = words;
        words = new long[2 * old.length];
        used = 0;
        for (int i = 0; i < old.length; i += 2) {
            if (old[i] != 0 || old[i + 1] != 0) {
                insert(old[i], old[i + 1]);
            }
        }
    }
}
