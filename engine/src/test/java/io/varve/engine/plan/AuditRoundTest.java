package io.varve.engine.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.range.BlockGrid;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AuditRoundTest {
    private static final long MIB = 1 << 20;
    private static final long GIB = 1 << 30;
    private static final long TIB = 1L << 40;

    private static AuditRound byDefault(long allocated, long changed, boolean tenfold) {
        long budget = AuditRound.budget(allocated, changed, tenfold);
        return AuditRound.ofBudget(AuditRound.slices(allocated), allocated, budget);
    }

    /** Small disks are compared whole each night, large ones cost no more than what changed. */
    @Test
    void theDefaultBudget() {
        assertEquals(64 * MIB, AuditRound.budget(60 * MIB, 0, false));
        assertEquals(64 * MIB, AuditRound.budget(TIB, 10 * MIB, false));
        assertEquals(10 * GIB, AuditRound.budget(2 * TIB, 10 * GIB, false));
        assertEquals(TIB / 100, AuditRound.budget(TIB, TIB / 2, false), "one per cent");
        assertEquals(640 * MIB, AuditRound.budget(TIB, 10 * MIB, true));
        assertEquals(1, byDefault(0, 0, false).nights());
        assertEquals(1, byDefault(64 * MIB, 0, false).nights());
        assertEquals(16, byDefault(GIB, 0, false).nights());
        assertEquals(160, byDefault(10 * GIB, 0, false).nights());
        assertEquals(16, byDefault(10 * GIB, 0, true).nights());
        assertEquals(101, byDefault(10 * TIB, 2 * TIB, false).nights(), 1);
        for (long size : new long[] {0, 1, MIB, GIB, 64 * TIB, Long.MAX_VALUE / 2}) {
            AuditRound round = byDefault(size, 0, false);
            assertTrue(round.perNight() >= 1 && round.slices() <= 1 << 20, round.toString());
        }
        assertEquals(0, AuditRound.ofShare(1000, 0).nights());
        assertEquals(1, AuditRound.ofShare(1000, 1).nights());
        assertEquals(new AuditRound(1000, 1), AuditRound.ofShare(1000, 1e-9), "something is not nothing");
    }

    /** The stated probability against what happens: omissions of 16 blocks at random places, each of 30 nights. */
    @Test
    void whatIsStatedHappensNoLessOften() {
        int blocks = 4096;
        BlockGrid grid = new BlockGrid(blocks * 512L, 512);
        RangeSet all = RangeSet.of(new Range(0, grid.diskSize()));
        for (int perNight : new int[] {1, 3}) {
            AuditRound round = new AuditRound(8192, perNight);
            SplittableRandom random = new SplittableRandom(11);
            int unnoticed = 0;
            int lives = 1500;
            for (int life = 0; life < lives; life++) {
                RangeSet omitted = RangeSet.empty();
                boolean noticed = false;
                long seed = random.nextLong();
                for (int night = 0; night < 30 && !noticed; night++) {
                    long at = random.nextInt(blocks - 16) * 512L;
                    omitted = omitted.union(RangeSet.of(new Range(at, 16 * 512)));
                    noticed = !new AuditSlices(seed, round.slices(), night * perNight, perNight)
                            .choose(all, grid)
                            .intersect(omitted)
                            .isEmpty();
                }
                unnoticed += noticed ? 0 : 1;
            }
            double stated = round.unnoticed(16, 30);
            double deviation = Math.sqrt(stated * (1 - stated) / lives);
            // Blocks that are left out twice count twice in the statement: 480 of 4096 at most.
            assertEquals(stated, (double) unnoticed / lives, 5 * deviation + 0.03, "of " + perNight);
        }
        assertEquals(0, new AuditRound(128, 5).unnoticed(1, 30), "a round is done in 26 nights");
        assertTrue(new AuditRound(128, 4).unnoticed(1, 30) > 0);
        assertEquals(1, new AuditRound(128, 0).unnoticed(16, 30));
    }
}
