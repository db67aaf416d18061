package io.varve.adapters.vhdx.log;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What a log changes in its file, by place: the last word about every byte. Contents of pages stay in the log; about
 * 100 bytes of heap per patch. Filled by one thread, then read by many.
 */
public final class LogPatches {
    private final NavigableMap<Long, Patch> patches = new TreeMap<>();

    /**
     * A part of the file that the log says more about. All offsets are multiples of 4 KiB.
     *
     * @param sectorAt where in the file the data sector of this page is; {@link #ZEROS} when it becomes zeros
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

    /** End of the last patch, or 0. */
    long endOffset() {
        return patches.isEmpty() ? 0 : patches.lastEntry().getValue().endOffset();
    }

    /** Enters {@code patch} over whatever was said about its place before. */
    public void put(Patch patch) {
        Map.Entry<Long, Patch> before = patches.lowerEntry(patch.offset());
        if (before != null && before.getValue().endOffset() > patch.offset()) {
            // Longer than a page, so it is one of zeros.
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

    /** The first patch that ends behind {@code offset}; null when there is none. */
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
