package io.varve.store.check;

import io.varve.store.chunk.ChunkId;
import java.io.Closeable;
import java.io.IOException;

/**
 * A long for each of many ids: 16 bytes a slot, at most three quarters of the slots used; on the heap as long as there
 * is room, then in a temporary file. Of an id 64 bits are kept. Not thread-safe while something is put.
 */
final class SlotTable implements Closeable {
    private static final int FIRST_CAPACITY = 1 << 12;

    private final long mostHeap;
    private SlotStore slots = new HeapSlots(FIRST_CAPACITY);
    private long count;

    /** @param mostHeap bytes */
    SlotTable(long mostHeap) {
        this.mostHeap = mostHeap;
    }

    /** Keeps the value of {@code id}, unless it has one. */
    void putIfAbsent(ChunkId id, long value) throws IOException {
        if (count >= slots.capacity() - slots.capacity() / 4) {
            grow();
        }
        long key = key(id);
        long slot = find(slots, key);
        if (slots.key(slot) == 0) {
            slots.put(slot, key, value);
            count++;
        }
    }

    boolean contains(ChunkId id) throws IOException {
        return slots.key(find(slots, key(id))) != 0;
    }

    /** The value of an id that is there. */
    long value(ChunkId id) throws IOException {
        return slots.value(find(slots, key(id)));
    }

    private static long key(ChunkId id) {
        long key = ChunkTable.mix(id.firstWord()) ^ id.secondWord();
        return key == 0 ? 1 : key; // 0 is a free slot
    }

    private static long find(SlotStore slots, long key) throws IOException {
        long mask = slots.capacity() - 1;
        long slot = key & mask;
        for (long found = slots.key(slot); found != 0 && found != key; found = slots.key(slot)) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() throws IOException {
        long capacity = 2 * slots.capacity();
        SlotStore larger =
                capacity * SlotStore.SLOT_BYTES <= mostHeap ? new HeapSlots((int) capacity) : new FileSlots(capacity);
        for (long slot = 0; slot < slots.capacity(); slot++) {
            long key = slots.key(slot);
            if (key != 0) {
                larger.put(find(larger, key), key, slots.value(slot));
            }
        }
        slots.close();
        slots = larger;
    }

    @Override
    public void close() throws IOException {
        slots.close();
    }
}
