package io.varve.store.check;

/** Slots in memory. */
final class HeapSlots implements SlotStore {
    private final long[] words;

    HeapSlots(int capacity) {
        words = new long[2 * capacity];
    }

    @Override
    public long capacity() {
        return words.length / 2;
    }

    @Override
    public long key(long slot) {
        return words[(int) (2 * slot)];
    }

    @Override
    public long value(long slot) {
        return words[(int) (2 * slot + 1)];
    }

    @Override
    public void put(long slot, long key, long value) {
        words[(int) (2 * slot)] = key;
        words[(int) (2 * slot + 1)] = value;
    }

    @Override
    public void close() {}
}
