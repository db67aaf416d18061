package io.varve.store.export;

import io.varve.store.chunk.ChunkId;
import io.varve.store.index.Place;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The set of frames that a snapshot needs, by pack and offset. For one thread. Takes four to eight bytes of heap per
 * frame.
 */
final class NeededFrames {
    private static final class Offsets {
        private int[] values = new int[16];
        private int used;
        private boolean sorted = true;

        void add(int offset) {
            if (used == values.length) {
                sort();
                if (used > values.length / 2) { // few were duplicates
                    values = Arrays.copyOf(values, 2 * values.length);
                }
            }
            values[used++] = offset;
            sorted = false;
        }

        void sort() {
            Arrays.sort(values, 0, used);
            int kept = 0;
            for (int i = 0; i < used; i++) {
                if (kept == 0 || values[kept - 1] != values[i]) {
                    values[kept++] = values[i];
                }
            }
            used = kept;
            sorted = true;
        }
    }

    private final Map<ChunkId, Offsets> packs = new TreeMap<>();

    /** Adds a frame. Its offset fits in an int because packs are smaller than 1 GiB. */
    void add(Place place) {
        packs.computeIfAbsent(place.packId(), unused -> new Offsets()).add(Math.toIntExact(place.offset()));
    }

    /** Returns the packs, ordered by name. */
    Set<ChunkId> packs() {
        return packs.keySet();
    }

    boolean contains(ChunkId pack, long offset) {
        Offsets offsets = packs.get(pack);
        if (offsets == null) {
            return false;
        }
        if (!offsets.sorted) {
            offsets.sort();
        }
        return Arrays.binarySearch(offsets.values, 0, offsets.used, Math.toIntExact(offset)) >= 0;
    }
}
