package io.varve.engine.range;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Range sets against bit sets. */
class RangeSetTest {
    private static final int SPACE = 300;

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);

    private List<Range> ranges() {
        List<Range> ranges = new ArrayList<>();
        for (int i = random.nextInt(20); i > 0; i--) {
            int offset = random.nextInt(SPACE - 1);
            ranges.add(new Range(offset, 1 + random.nextInt(Math.min(30, SPACE - offset))));
        }
        return ranges;
    }

    private static BitSet bits(Iterable<Range> ranges) {
        BitSet bits = new BitSet();
        ranges.forEach(range -> bits.set((int) range.offset(), (int) range.endOffset()));
        return bits;
    }

    /** The same content, in the one form a set has: sorted, disjoint, nothing that touches. */
    private void assertIs(BitSet expected, RangeSet found) {
        List<Range> canonical = new ArrayList<>();
        for (int from = expected.nextSetBit(0); from >= 0; ) {
            int end = expected.nextClearBit(from);
            canonical.add(Range.between(from, end));
            from = expected.nextSetBit(end);
        }
        List<Range> list = new ArrayList<>();
        found.forEach(list::add);
        String where = "seed " + seed;
        assertEquals(canonical, list, where);
        assertEquals(canonical.size(), found.count(), where);
        assertEquals(expected.cardinality(), found.totalLength(), where);
        assertEquals(expected.length(), found.endOffset(), where);
        assertEquals(expected.isEmpty(), found.isEmpty(), where);
        RangeSet again = RangeSet.of(canonical);
        assertEquals(again, found, where);
        assertEquals(again.hashCode(), found.hashCode(), where);
        for (int position = 0; position <= SPACE; position++) {
            assertEquals(expected.get(position), found.contains(position), where + " at " + position);
        }
    }

    @Test
    void setsAreWhatBitSetsAre() {
        for (int round = 0; round < 3000; round++) {
            List<Range> left = ranges();
            List<Range> right = random.nextInt(5) == 0 ? left.subList(0, left.size() / 2) : ranges();
            RangeSet a = RangeSet.of(left);
            RangeSet b = RangeSet.of(right);
            assertIs(bits(left), a);
            BitSet union = bits(left);
            union.or(bits(right));
            assertIs(union, a.union(b));
            BitSet both = bits(left);
            both.and(bits(right));
            assertIs(both, a.intersect(b));
            BitSet without = bits(left);
            without.andNot(bits(right));
            assertIs(without, a.minus(b));
            int offset = random.nextInt(SPACE);
            Range window = new Range(offset, 1 + random.nextInt(100));
            BitSet clipped = bits(left);
            clipped.and(bits(List.of(window)));
            assertIs(clipped, a.clip(window));
        }
    }

    @Test
    void theFarEndOfTheAddressSpace() {
        long most = Long.MAX_VALUE;
        RangeSet end = RangeSet.of(Range.between(most - 10, most));
        assertEquals(10, end.totalLength());
        assertTrue(end.contains(most - 1));
        assertFalse(end.contains(most));
        assertEquals(end, RangeSet.of(new Range(0, most)).intersect(end));
        assertEquals(
                RangeSet.of(new Range(0, most - 10)),
                RangeSet.of(new Range(0, most)).minus(end));
        assertEquals(
                RangeSet.of(new Range(0, most)),
                RangeSet.of(new Range(0, most - 10)).union(end));
    }

    @Test
    void neighboursAreJoined() {
        assertEquals(
                RangeSet.of(new Range(0, 30)), RangeSet.of(new Range(20, 10), new Range(0, 10), new Range(10, 10)));
        assertEquals(
                "[[0, 10), [11, 20)]",
                RangeSet.of(new Range(0, 10), new Range(11, 9)).toString());
        assertTrue(RangeSet.empty().isEmpty());
        assertEquals(0, RangeSet.empty().endOffset());
    }

    @Test
    void whatIsNoRangeIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Range(-1, 5));
        assertThrows(IllegalArgumentException.class, () -> new Range(0, 0));
        assertThrows(IllegalArgumentException.class, () -> new Range(0, -1));
        assertThrows(IllegalArgumentException.class, () -> new Range(Long.MAX_VALUE, 1));
        assertThrows(IllegalArgumentException.class, () -> Range.between(5, 5));
        RangeSet.Builder builder = new RangeSet.Builder().add(10, 20);
        assertThrows(IllegalArgumentException.class, () -> builder.add(9, 30));
        assertThrows(IllegalArgumentException.class, () -> builder.add(30, 30));
        assertThrows(IllegalArgumentException.class, () -> new RangeSet.Builder().add(-1, 30));
        assertEquals(RangeSet.of(new Range(10, 15)), builder.add(10, 25).build());
    }
}
