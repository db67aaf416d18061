package io.varve.store.check;

import io.varve.store.chunk.ChunkId;
import io.varve.store.map.MapPage;
import java.io.Closeable;
import java.io.IOException;

/**
 * Lengths of chunks that are not as long as a block: last blocks of disks, pieces of files, map pages with known
 * places. Threading as {@link PagePlaces}.
 */
final class OddLengths implements Closeable {
    private final PagePlaces pages;
    private final SlotTable others;

    /**
     * @param pages holds the map pages
     * @param mostHeap bytes
     */
    OddLengths(PagePlaces pages, long mostHeap) {
        this.pages = pages;
        this.others = new SlotTable(mostHeap);
    }

    synchronized void add(ChunkId id, int rawLength) throws IOException {
        others.putIfAbsent(id, rawLength);
    }

    /** Length of the plaintext of an existing chunk that is not as long as a block. */
    int length(ChunkId id) throws IOException {
        if (others.contains(id)) {
            return (int) others.value(id);
        }
        return pages.find(id) == null ? 0 : MapPage.SIZE;
    }

    @Override
    public void close() throws IOException {
        others.close();
    }
}
