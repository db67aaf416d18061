package io.varve.engine.range;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * A set of byte ranges: sorted, disjoint, and coalesced, so that no two of them touch. Immutable. Takes 16 bytes of
 * heap per range.
 *
 * <p>This is the only place that merges ranges; {@link BlockGrid} is the only one that rounds them.
 */
public final class RangeSet implements Iterable<Range> {
    private static final RangeSet EMPTY = new RangeSet(new long[0]);

    /** offset 0, endOffset 0, offset 1, endOffset 1, …; strictly ascending. */
    private final long[] bounds;

    private RangeSet(long[] bounds) {
        this.bounds = bounds;
    }

    public static RangeSet empty() {
        return EMPTY;
    }

    public static RangeSet of(Range... ranges) {
        return of(List.of(ranges));
    }

    /** Returns the union of {@code ranges}, which may overlap and have any order. */
    public static RangeSet of(Collection<Range> ranges) {
        List<Range> sorted = new ArrayList<>(ranges);
        sorted.sort(null);
        Builder builder = new Builder();
        for (Range range : sorted) {
            builder.add(range.offset(), range.endOffset());
        }
        return builder.build();
    }

    public boolean isEmpty() {
        return bounds.length == 0;
    }

    /** Number of ranges. */
    public int count() {
        return bounds.length / 2;
    }

    public Range get(int position) {
        return Range.between(bounds[2 * position], bounds[2 * position + 1]);
    }

    /** Sum of all lengths, in bytes. */
    public long totalLength() {
        long total = 0;
        for (int i = 0; i < bounds.length; i += 2) {
            total += bounds[i + 1] - bounds[i];
        }
        return total;
    }

    /** End of the last range; 0 if the set is empty. */
    public long endOffset() {
        return isEmpty() ? 0 : bounds[bounds.length - 1];
    }

    public boolean contains(long position) {
        return (firstEndingAfter(position) < count()) && bounds[2 * firstEndingAfter(position)] <= position;
    }

    /** Returns the part of this set inside {@code window}, in O(log n) plus the size of the result. */
    public RangeSet clip(Range window) {
        Builder builder = new Builder();
        for (int i = firstEndingAfter(window.offset()); i < count() && bounds[2 * i] < window.endOffset(); i++) {
            builder.add(Math.max(bounds[2 * i], window.offset()), Math.min(bounds[2 * i + 1], window.endOffset()));
        }
        return builder.build();
    }

    public RangeSet union(RangeSet other) {
        Builder builder = new Builder();
        int a = 0;
        int b = 0;
        while (a < bounds.length || b < other.bounds.length) {
            boolean takeA = b >= other.bounds.length || (a < bounds.length && bounds[a] <= other.bounds[b]);
            long[] from = takeA ? bounds : other.bounds;
            int at = takeA ? a : b;
            builder.add(from[at], from[at + 1]);
            if (takeA) {
                a += 2;
            } else {
                b += 2;
            }
        }
        return builder.build();
    }

    public RangeSet intersect(RangeSet other) {
        Builder builder = new Builder();
        int a = 0;
        int b = 0;
        while (a < bounds.length && b < other.bounds.length) {
            long offset = Math.max(bounds[a], other.bounds[b]);
            long endOffset = Math.min(bounds[a + 1], other.bounds[b + 1]);
            if (offset < endOffset) {
                builder.add(offset, endOffset);
            }
            if (bounds[a + 1] < other.bounds[b + 1]) {
                a += 2;
            } else {
                b += 2;
            }
        }
        return builder.build();
    }

    /** Returns the part of this set that is not in {@code other}. */
    public RangeSet minus(RangeSet other) {
        Builder builder = new Builder();
        int b = 0;
        for (int a = 0; a < bounds.length; a += 2) {
            long offset = bounds[a];
            while (b < other.bounds.length && other.bounds[b + 1] <= offset) {
                b += 2;
            }
            for (int c = b; c < other.bounds.length && other.bounds[c] < bounds[a + 1]; c += 2) {
                if (offset < other.bounds[c]) {
                    builder.add(offset, other.bounds[c]);
                }
                offset = Math.max(offset, other.bounds[c + 1]);
            }
            if (offset < bounds[a + 1]) {
                builder.add(offset, bounds[a + 1]);
            }
        }
        return builder.build();
    }

    /** Returns the index of the first range that ends after {@code position}; {@link #count()} if there is none. */
    private int firstEndingAfter(long position) {
        int low = 0;
        int high = count();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (bounds[2 * middle + 1] > position) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    @Override
    public Iterator<Range> iterator() {
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < count();
            }

            @Override
            public Range next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return get(next++);
            }
        };
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RangeSet && Arrays.equals(bounds, ((RangeSet) other).bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }

    @Override
    public String toString() {
        List<Range> ranges = new ArrayList<>();
        forEach(ranges::add);
        return ranges.toString();
    }

    /** Collects ranges in ascending order of offset. Adjacent and overlapping ranges are joined. */
    public static final class Builder {
        private long[] bounds = new long[16];
        private int used;

        /**
         * @throws IllegalArgumentException if the range is empty, or {@code offset} is before that of the previous
         *     range
         */
        public Builder add(long offset, long endOffset) {
            if (offset < 0 || endOffset <= offset) {
                throw new IllegalArgumentException("not a range: [" + offset + ", " + endOffset + ")");
            }
            if (used > 0 && offset < bounds[used - 2]) {
                throw new IllegalArgumentException("range at " + offset + " comes after one at " + bounds[used - 2]);
            }
            if (used > 0 && offset <= bounds[used - 1]) {
                bounds[used - 1] = Math.max(bounds[used - 1], endOffset);
                return this;
            }
            if (used == bounds.length) {
                bounds = Arrays.copyOf(bounds, used * 2);
            }
            bounds[used++] = offset;
            bounds[used++] = endOffset;
            return this;
        }

        /** Number of ranges so far. */
        int count() {
            return used / 2;
        }

        public RangeSet build() {
            return used == 0 ? EMPTY : new RangeSet(Arrays.copyOf(bounds, used));
        }
    }
}
