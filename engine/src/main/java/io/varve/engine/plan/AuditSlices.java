package io.varve.engine.plan;

import io.varve.engine.range.BlockGrid;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.util.Arrays;

/**
 * Chooses which unchanged blocks to read all the same, so that a change list that leaves something out is caught. All
 * blocks of a disk are dealt to slices by their numbers alone: whatever is written or freed meanwhile, a block stays in
 * its slice, and who takes all slices once has come by every block once.
 *
 * <p>Blocks lie in rows of as many as there are slices, and each row has one block of every slice, in an order that
 * begins at a random place. Slices are taken at steps of the golden section of a row, so that those of a few nights lie
 * evenly in it, and neighbours that were written together are not long missed together.
 *
 * <p>The dealing never changes: a night goes on where the one before stopped, which another build may have written.
 *
 * <p>Immutable. Memory: 4 bytes a chosen slice.
 */
public final class AuditSlices {
    private static final double GOLDEN = 0.6180339887498949;

    private static final int TRIED = 50;

    /** No audit. */
    public static final AuditSlices NONE = new AuditSlices(0, 1, 0, 0);

    private final long seed;
    private final int slices;
    private final int[] chosen; // ascending places in a row, before it is turned

    /**
     * @param slices how many there are, at least 1
     * @param first the number of the first slice to take, below {@code slices}
     * @param count how many to take, at most {@code slices}; behind the last comes the first
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
     * A number near the golden section of {@code slices} that comes by all of them, and as evenly as possible on the
     * way: the one whose ratio to {@code slices} has the smallest partial quotients.
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

    /** Of the continued fraction of {@code b / a}; the greatest number there is when they have a common divisor. */
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

    /** Whether nothing is chosen of anything. */
    public boolean isEmpty() {
        return chosen.length == 0;
    }

    /** Whether the leaf of a block map belongs to the slices; leaves are dealt like blocks. */
    public boolean hasLeaf(long leaf) {
        return chosen.length == slices || Arrays.binarySearch(chosen, placeBefore(leaf)) >= 0;
    }

    /**
     * The blocks to audit among {@code candidates}, which are whole blocks. Takes time per chosen block and per range.
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

    /** Both blocks lie in one row; places in it count on from the first, around the row's end. */
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

    /** The place that {@code number} has in its row before the row is turned. */
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
