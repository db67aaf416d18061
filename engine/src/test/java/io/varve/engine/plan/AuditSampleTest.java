package io.varve.engine.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.range.BlockGrid;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Seeds are fixed where a bound is statistical: such a test must not fail once in a thousand runs. */
class AuditSampleTest {
    private static final int BLOCK = 4096;
    private static final BlockGrid GRID = new BlockGrid(1_000_000L * BLOCK - 100, BLOCK);

    private static RangeSet everySecondBlock(int count) {
        RangeSet.Builder builder = new RangeSet.Builder();
        for (long block = 0; block < 2L * count; block += 2) {
            builder.add(GRID.offset(block), GRID.offset(block + 1));
        }
        return builder.build();
    }

    private static long blocks(RangeSet chosen) {
        return (chosen.totalLength() + BLOCK - 1) / BLOCK;
    }

    @Test
    void theFractionIsRespected() {
        RangeSet[] candidates = {RangeSet.of(new Range(0, GRID.diskSize())), everySecondBlock(200_000)};
        for (RangeSet candidate : candidates) {
            long count = blocks(candidate);
            for (double fraction : new double[] {0.0001, 0.01, 0.3, 0.9, 0.9999}) {
                RangeSet chosen = new AuditSample(fraction, 42).choose(candidate, GRID);
                assertEquals(RangeSet.empty(), chosen.minus(candidate), "only candidates");
                double deviation = Math.sqrt(count * fraction * (1 - fraction));
                double difference = Math.abs(blocks(chosen) - count * fraction);
                assertTrue(difference < 5 * deviation, fraction + " of " + count + ": " + blocks(chosen));
            }
        }
    }

    /** The first block, the last, one in the middle: over many nights each is read as often as the others. */
    @Test
    void everyBlockHasTheSameChance() {
        int blocks = 50;
        int nights = 20_000;
        RangeSet candidates = everySecondBlock(blocks);
        int[] hits = new int[2 * blocks];
        SplittableRandom seeds = new SplittableRandom(7);
        for (int night = 0; night < nights; night++) {
            for (Range range : new AuditSample(0.1, seeds.nextLong()).choose(candidates, GRID)) {
                hits[(int) GRID.blockNumber(range.offset())]++;
            }
        }
        double deviation = Math.sqrt(nights * 0.1 * 0.9);
        for (int block = 0; block < hits.length; block++) {
            double expected = block % 2 == 0 ? nights * 0.1 : 0;
            assertTrue(Math.abs(hits[block] - expected) <= 5 * deviation, "block " + block + ": " + hits[block]);
            assertTrue(block % 2 == 0 || hits[block] == 0, "block " + block + " was no candidate");
        }
    }

    @Test
    void theSeedDecides() {
        RangeSet candidates = RangeSet.of(new Range(0, GRID.diskSize()));
        AuditSample sample = new AuditSample(0.01, 5);
        assertEquals(sample.choose(candidates, GRID), sample.choose(candidates, GRID));
        assertNotEquals(sample.choose(candidates, GRID), new AuditSample(0.01, 6).choose(candidates, GRID));
    }

    @Test
    void theExtremes() {
        RangeSet all = RangeSet.of(new Range(0, GRID.diskSize()));
        assertEquals(all, new AuditSample(1, 1).choose(all, GRID), "the short last block too");
        assertEquals(RangeSet.empty(), AuditSample.NONE.choose(all, GRID));
        assertEquals(RangeSet.empty(), new AuditSample(1, 1).choose(RangeSet.empty(), GRID));
        assertEquals(RangeSet.empty(), new AuditSample(Double.MIN_VALUE, 1).choose(all, GRID));
        for (double fraction : new double[] {-0.1, 1.1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThrows(IllegalArgumentException.class, () -> new AuditSample(fraction, 1), "" + fraction);
        }
    }
}
