package io.varve.engine.plan;

import io.varve.engine.range.BlockGrid;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.util.SplittableRandom;

/**
 * Chooses which unchanged blocks to read all the same, so that a change list that leaves something out is caught. Every
 * block has the same chance, night by night anew.
 *
 * @param fraction of the candidate blocks, 0 to 1
 * @param seed printed when a mismatch is found, so that the choice can be repeated
 */
public record AuditSample(double fraction, long seed) {
    public AuditSample {
        if (!(fraction >= 0 && fraction <= 1)) {
            throw new IllegalArgumentException("audit fraction " + fraction + " is not within 0 to 1");
        }
    }

    /** Blocks no disk has; small enough to add to. */
    private static final double MOST = 0x1p61;

    /** No audit. */
    public static final AuditSample NONE = new AuditSample(0, 0);

    /** The blocks to audit among {@code candidates}, which are whole blocks; costs time per chosen block. */
    public RangeSet choose(RangeSet candidates, BlockGrid grid) {
        if (fraction == 0 || candidates.isEmpty()) {
            return RangeSet.empty();
        }
        SplittableRandom random = new SplittableRandom(seed ^ candidates.get(0).offset());
        RangeSet.Builder chosen = new RangeSet.Builder();
        long skip = gap(random);
        for (Range range : candidates) {
            long first = grid.blockNumber(range.offset());
            long end = grid.blockNumber(range.endOffset() - 1) + 1;
            while (skip < end - first) {
                long block = first + skip;
                chosen.add(grid.offset(block), grid.offset(block) + grid.length(block));
                first = block + 1;
                skip = gap(random);
            }
            skip -= end - first;
        }
        return chosen.build();
    }

    /**
     * Blocks to pass over before the next chosen one: geometric, so that the cost is that of the chosen blocks alone.
     */
    private long gap(SplittableRandom random) {
        if (fraction == 1) {
            return 0;
        }
        double gap = Math.log(1 - random.nextDouble()) / Math.log1p(-fraction);
        return (long) Math.min(gap, MOST);
    }
}
