package io.varve.engine.plan;

import io.varve.engine.range.BlockGrid;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.util.Arrays;

/**
 * Chooses unchanged blocks to read anyway, so that a change list with omissions is detected. A block's number alone
 * decides its slice, so a block stays in its slice whatever is written or freed, and comparing every slice once
 * compares every block once.
 *
 * <p>The blocks form rows whose length is the number of slices. Each row has one block of every slice, in an order that
 * begins at a random position. Slices are taken in steps of the golden section of a row. So the slices of a few nights
 * are spread evenly over a row, and adjacent blocks that were written together are not all missed for long.
 *
 * <p>This assignment must never change, because a night continues where the previous one stopped, and that may have
 * been another build.
 *
 * <p>Immutable. Takes 4 bytes of heap per chosen slice.
 */
public final class AuditSlices {
    private static final double GOLDEN = 0.6180339887498949;

    private static final int TRIED = 50;

    /** No audit. */
    public static final AuditSlices NONE = new AuditSlices(0, 1, 0, 0);

    private final long seed;
    private final int slices;
    private final int[] chosen; // positions in a row, ascending, before the row's random rotation

    /**
     * @param slices number of slices, at least 1
     * @param first the number of the first slice to take, below {@code slices}
     * @param count number of slices to take, at most {@code slices}; after the last follows the first
     */
    public AuditSlices(long seed, int slices, int first, int count) {
        if (slices < 1 || first < 0 || first >= slices || count < 0 || count > slices) {
            throw new IllegalArgumentException(count + " slices from " + first + " of " + slices);
        }
        this.seed = seed;
        this.slices = slices;
        this.chosen = new int[count];
        long step = step(slices);
        for (int i = 0; i < count; i++) {
            chosen[i] = (int) ((first + (long) i) % slices * step % slices);
        }
        Arrays.sort(chosen);
    }

    /**
     * Returns a step near the golden section of {@code slices} that reaches all of them, as evenly as possible: the one
     * whose ratio to {@code slices} has the smallest partial quotients.
     */
    private static long step(int slices) {
        long golden = Math.max(1, Math.round(slices * GOLDEN));
        long best = 1;
        long bestQuotient = Long.MAX_VALUE;
        for (long step = Math.max(1, golden - TRIED); step <= Math.min(golden + TRIED, slices); step++) {
            long quotient = largestQuotient(slices, step);
            if (quotient < bestQuotient) {
                best = step;
                bestQuotient = quotient;
            }
        }
        return best;
    }

    /**
     * Returns the largest partial quotient of the continued fraction of {@code b / a}; the largest number there is if
     * they have a common divisor.
     */
    private static long largestQuotient(long a, long b) {
        long largest = 1;
        while (b != 0) {
            largest = Math.max(largest, a / b);
            long rest = a % b;
            a = b;
            b = rest;
        }
        return a == 1 ? largest : Long.MAX_VALUE;
    }

    /** Whether no slice is chosen. */
    public boolean isEmpty() {
        return chosen.length == 0;
    }

    /** Share of all blocks that is chosen, 0 to 1. */
    public double share() {
        return (double) chosen.length / slices;
    }

    /** Whether a leaf of a block map belongs to the chosen slices. Leaves are assigned to slices like blocks. */
    public boolean hasLeaf(long leaf) {
        return chosen.length == slices || Arrays.binarySearch(chosen, placeBefore(leaf)) >= 0;
    }

    /**
     * Returns the blocks to audit among {@code candidates}, which must be whole blocks. Takes time proportional to the
     * chosen blocks and the ranges.
     */
    public RangeSet choose(RangeSet candidates, BlockGrid grid) {
        if (chosen.length == 0) {
            return RangeSet.empty();
        }
        if (chosen.length == slices) {
            return candidates;
        }
        RangeSet.Builder builder = new RangeSet.Builder();
        for (Range range : candidates) {
            long block = grid.blockNumber(range.offset());
            long end = grid.blockNumber(range.endOffset() - 1) + 1;
            while (block < end) {
                long rowEnd = Math.min(end, (block / slices + 1) * slices);
                chooseInRow(block, rowEnd, grid, builder);
                block = rowEnd;
            }
        }
        return builder.build();
    }

    /** Chooses blocks between two blocks of one row. Positions wrap around at the end of the row. */
    private void chooseInRow(long block, long end, BlockGrid grid, RangeSet.Builder builder) {
        int place = placeBefore(block);
        int found = Arrays.binarySearch(chosen, place);
        int next = found >= 0 ? found : -found - 1;
        for (int i = 0; i < chosen.length; i++) {
            int at = next + i < chosen.length ? chosen[next + i] : chosen[next + i - chosen.length] + slices;
            long hit = block + at - place;
            if (hit >= end) {
                return;
            }
            builder.add(grid.offset(hit), grid.offset(hit) + grid.length(hit));
        }
    }

    /** Returns the position of block {@code number} in its row before the rotation. */
    private int placeBefore(long number) {
        return (int) Math.floorMod(number - mix(seed + number / slices), (long) slices);
    }

    /** The finalizer of SplitMix64. */
    private static long mix(long value) {
        long z = value * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return (z ^ (z >>> 31)) >>> 1;
    }
}
