package io.varve.engine.range;

/**
 * Collects ranges that come in ascending order, in bounded memory: when they become too many, they are rounded out to
 * ever larger pieces until they fit. What was added is covered always; what was not may be covered too. For change
 * lists, which may be larger than the truth and never smaller.
 */
public final class CoarseRanges {
    /** Where rounding starts; finer than any block. */
    private static final long FIRST_GRAIN = 4096;

    private final int most;
    private long grain = 1;
    private RangeSet.Builder ranges = new RangeSet.Builder();

    /** @param most ranges to keep, at least 2; 16 bytes each, twice that while they are made coarser */
    public CoarseRanges(int most) {
        if (most < 2) {
            throw new IllegalArgumentException("at least 2 ranges, not " + most);
        }
        this.most = most;
    }

    /** @throws IllegalArgumentException when empty, or when {@code offset} lies before that of the last one added */
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
        // Rounding an empty range would make one.
        if (endOffset <= offset) {
            throw new IllegalArgumentException("not a range: [" + offset + ", " + endOffset + ")");
        }
        long last = (endOffset - 1) / grain * grain;
        ranges.add(offset / grain * grain, last > Long.MAX_VALUE - grain ? Long.MAX_VALUE : last + grain);
    }

    /** The smallest piece that can be told apart now, in bytes. */
    public long grain() {
        return grain;
    }

    /** What was collected; a range may reach up to {@link #grain} behind the largest end that was added. */
    public RangeSet build() {
        return ranges.build();
    }
}
