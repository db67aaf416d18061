package io.varve.store.check;

import io.varve.store.chunk.ChunkId;
import io.varve.store.index.Place;
import io.varve.store.session.ChunkLookup;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Where map pages lie, independent of the index: 16 bytes a slot, at most three quarters of the slots used; on the heap
 * as long as there is room, then in a temporary file. Of an id 64 bits are kept: whoever reads a page proves its id.
 *
 * <p>Threading: adding is synchronized; finding is not, and only allowed when all are added.
 */
final class PagePlaces implements ChunkLookup, Closeable {
    private static final int FIRST_CAPACITY = 1 << 12;
    private static final int LENGTH_BITS = 14; // of a page
    private static final int OFFSET_BITS = 30; // in the largest pack
    private static final int MOST_PACKS = 1 << Long.SIZE - OFFSET_BITS - LENGTH_BITS;

    private final long mostHeap;
    private final List<ChunkId> packs = new ArrayList<>();
    private SlotStore slots = new HeapSlots(FIRST_CAPACITY);
    private long count;

    /** @param mostHeap bytes */
    PagePlaces(long mostHeap) {
        this.mostHeap = mostHeap;
    }

    /** @return number to give to {@link #add} */
    synchronized int addPack(ChunkId pack) throws IOException {
        if (packs.size() == MOST_PACKS) {
            throw new IOException("more than " + MOST_PACKS + " packs with map pages");
        }
        packs.add(pack);
        return packs.size() - 1;
    }

    synchronized void add(ChunkId id, int packNumber, long offset, int storedLength) throws IOException {
        if (count >= slots.capacity() - slots.capacity() / 4) {
            grow();
        }
        long key = key(id);
        long slot = find(slots, key);
        if (slots.key(slot) == 0) {
            slots.put(slot, key, ((long) packNumber << OFFSET_BITS | offset) << LENGTH_BITS | storedLength);
            count++;
        }
    }

    @Override
    public Place find(ChunkId id) throws IOException {
        long key = key(id);
        long slot = find(slots, key);
        if (slots.key(slot) == 0) {
            return null;
        }
        long value = slots.value(slot);
        return new Place(
                packs.get((int) (value >>> LENGTH_BITS + OFFSET_BITS)),
                value >>> LENGTH_BITS & (1 << OFFSET_BITS) - 1,
                (int) value & (1 << LENGTH_BITS) - 1);
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
