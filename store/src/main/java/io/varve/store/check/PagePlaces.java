package io.varve.store.check;

import io.varve.store.chunk.ChunkId;
import io.varve.store.index.Place;
import io.varve.store.session.ChunkLookup;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The places of map pages, independent of the index, in a {@link SlotTable}: readers of a page verify its id.
 *
 * <p>Threading: adding is synchronized; finding is not, and is allowed only when all pages have been added.
 */
final class PagePlaces implements ChunkLookup, Closeable {
    private static final int LENGTH_BITS = 14; // of a page
    private static final int OFFSET_BITS = 30; // in the largest pack
    private static final int MOST_PACKS = 1 << Long.SIZE - OFFSET_BITS - LENGTH_BITS;

    private final List<ChunkId> packs = new ArrayList<>();
    private final SlotTable places;

    /** @param mostHeap bytes */
    PagePlaces(long mostHeap) {
        this.places = new SlotTable(mostHeap);
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
        places.putIfAbsent(id, ((long) packNumber << OFFSET_BITS | offset) << LENGTH_BITS | storedLength);
    }

    @Override
    public Place find(ChunkId id) throws IOException {
        if (!places.contains(id)) {
            return null;
        }
        long value = places.value(id);
        return new Place(
                packs.get((int) (value >>> LENGTH_BITS + OFFSET_BITS)),
                value >>> LENGTH_BITS & (1 << OFFSET_BITS) - 1,
                (int) value & (1 << LENGTH_BITS) - 1);
    }

    @Override
    public void close() throws IOException {
        places.close();
    }
}
