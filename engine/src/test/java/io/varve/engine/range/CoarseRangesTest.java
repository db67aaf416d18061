package io.varve.engine.range;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CoarseRangesTest {
    @Test
    void fewStayAsTheyAre() {
        CoarseRanges ranges = new CoarseRanges(3);
        ranges.add(1, 2);
        ranges.add(5, 7);
        ranges.add(7, 9);
        ranges.add(5000, 5001);
        assertEquals(RangeSet.of(new Range(1, 1), new Range(5, 4), new Range(5000, 1)), ranges.build());
        assertEquals(1, ranges.grain());
    }

    @Test
    void oneTooManyRoundsToFourKib() {
        CoarseRanges ranges = new CoarseRanges(2);
        ranges.add(1, 2);
        ranges.add(5, 7);
        ranges.add(8191, 8193);
        assertEquals(RangeSet.of(new Range(0, 12288)), ranges.build());
    }

    @Test
    void whatWasAddedIsCoveredAndMemoryIsBounded() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        CoarseRanges coarse = new CoarseRanges(100);
        RangeSet.Builder exact = new RangeSet.Builder();
        long offset = 0;
        for (int i = 0; i < 20_000; i++) {
            offset += random.nextLong(1, 1 << random.nextInt(1, 24));
            long end = offset + random.nextLong(1, 1 << random.nextInt(1, 20));
            coarse.add(offset, end);
            exact.add(offset, end);
            assertTrue(coarse.build().count() <= 100, "seed " + seed);
        }
        RangeSet truth = exact.build();
        RangeSet found = coarse.build();
        assertEquals(RangeSet.empty(), truth.minus(found), "seed " + seed);
        // Not simply everything: what is covered in excess lies within one grain of what was added.
        for (Range excess : found.minus(truth)) {
            assertTrue(excess.length() < 2 * coarse.grain(), "seed " + seed + ": " + excess);
        }
    }

    @Test
    void endOfTheNumbers() {
        CoarseRanges ranges = new CoarseRanges(2);
        for (long offset : new long[] {0, 10, 20, 1L << 40, Long.MAX_VALUE - 5}) {
            ranges.add(offset, offset + 1);
        }
        assertEquals(Long.MAX_VALUE, ranges.build().endOffset());
    }

    @Test
    void nonsense() {
        assertThrows(IllegalArgumentException.class, () -> new CoarseRanges(1));
        CoarseRanges ranges = new CoarseRanges(2);
        assertThrows(IllegalArgumentException.class, () -> ranges.add(5, 5));
        ranges.add(5, 6);
        assertThrows(IllegalArgumentException.class, () -> ranges.add(4, 6));
    }
}
