package io.varve.adapters.vhdx.log;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The changes that a log makes to its file, by offset; later changes replace earlier ones. The content of pages stays
 * in the log. Takes about 100 bytes of heap per patch. Filled by one thread, then read by any number.
 */
public final class LogPatches {
    private final NavigableMap<Long, Patch> patches = new TreeMap<>();

    /**
     * A part of the file that the log changes. All offsets are multiples of 4 KiB.
     *
     * @param sectorAt offset in the file of the data sector for this page; {@link #ZEROS} if the part becomes zeros
     * @param leading first 8 bytes of a page, little-endian
     * @param trailing last 4 bytes of a page, little-endian
     */
    public record Patch(long offset, long endOffset, long sectorAt, long leading, int trailing) {
        static final long ZEROS = -1;

        public static Patch zeros(long offset, long endOffset) {
            return new Patch(offset, endOffset, ZEROS, 0, 0);
        }

        boolean isZeros() {
            return sectorAt == ZEROS;
        }
    }

    int count() {
        return patches.size();
    }

    /** Returns the end of the last patch; 0 if there is none. */
    long endOffset() {
        return patches.isEmpty() ? 0 : patches.lastEntry().getValue().endOffset();
    }

    /** Adds a patch, which replaces earlier patches of the same range. */
    public void put(Patch patch) {
        Map.Entry<Long, Patch> before = patches.lowerEntry(patch.offset());
        if (before != null && before.getValue().endOffset() > patch.offset()) {
            // Only a patch of zeros is longer than a page.
            patches.put(before.getKey(), Patch.zeros(before.getKey(), patch.offset()));
            keepBehind(before.getValue(), patch);
        }
        NavigableMap<Long, Patch> covered = patches.subMap(patch.offset(), true, patch.endOffset(), false);
        if (!covered.isEmpty()) {
            Patch last = covered.lastEntry().getValue();
            covered.clear();
            keepBehind(last, patch);
        }
        patches.put(patch.offset(), patch);
    }

    private void keepBehind(Patch old, Patch patch) {
        if (old.endOffset() > patch.endOffset()) {
            patches.put(patch.endOffset(), Patch.zeros(patch.endOffset(), old.endOffset()));
        }
    }

    /** Returns the first patch that ends after {@code offset}; null if there is none. */
    Patch atOrBehind(long offset) {
        Map.Entry<Long, Patch> entry = patches.floorEntry(offset);
        if (entry == null || entry.getValue().endOffset() <= offset) {
            entry = patches.higherEntry(offset);
        }
        return entry == null ? null : entry.getValue();
    }

    public boolean touches(long offset, long endOffset) {
        Patch patch = atOrBehind(offset);
        return patch != null && patch.offset() < endOffset;
    }
}
