package io.varve.engine.range;

/**
 * Collects ranges in ascending order and in bounded memory. When there are too many, they are rounded out to larger and
 * larger units until they fit. The result always covers what was added, and may cover more. For change lists, which may
 * be larger than the truth but never smaller.
 */
public final class CoarseRanges {
    /** The first unit of rounding in bytes; no block is smaller. */
    private static final long FIRST_GRAIN = 4096;

    private final int most;
    private long grain = 1;
    private RangeSet.Builder ranges = new RangeSet.Builder();

    /** @param most largest number of ranges, at least 2; 16 bytes each, and twice that while they are rounded */
    public CoarseRanges(int most) {
        if (most < 2) {
            throw new IllegalArgumentException("at least 2 ranges, not " + most);
        }
        this.most = most;
    }

    /**
     * @throws IllegalArgumentException if the range is empty, or {@code offset} is before that of the previous range
     */
    public void add(long offset, long endOffset) {
        addRounded(offset, endOffset);
        while (ranges.count() > most) {
            grain = grain == 1 ? FIRST_GRAIN : Math.multiplyExact(grain, 2L);
            RangeSet finer = ranges.build();
            ranges = new RangeSet.Builder();
            finer.forEach(range -> addRounded(range.offset(), range.endOffset()));
        }
    }

    private void addRounded(long offset, long endOffset) {
        // Rounding an empty range would give a non-empty one.
        if (endOffset <= offset) {
            throw new IllegalArgumentException("not a range: [" + offset + ", " + endOffset + ")");
        }
        long last = (endOffset - 1) / grain * grain;
        ranges.add(offset / grain * grain, last > Long.MAX_VALUE - grain ? Long.MAX_VALUE : last + grain);
    }

    /** The present unit of rounding in bytes. */
    public long grain() {
        return grain;
    }

    /**
     * Returns the ranges collected. The last may end up to {@link #grain} bytes after the largest end that was added.
     */
    public RangeSet build() {
        return ranges.build();
    }
}
