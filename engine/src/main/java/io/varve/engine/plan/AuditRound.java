package io.varve.engine.plan;

/**
 * How much of a disk is audited at a time, and what that proves. Pure sums.
 *
 * @param slices of a round, at least 1
 * @param perNight of them taken each night, 0 to {@code slices}
 */
public record AuditRound(int slices, int perNight) {
    /** Bytes that are always worth comparing: a disk of that size is compared whole each night. */
    public static final long LEAST_BUDGET = 64L << 20;

    private static final int SHARE_OF_DISK = 100;
    private static final int LEAST_SLICES = 128;
    private static final int MOST_SLICES = 1 << 20;
    private static final long SLICE = 16L << 20;

    /**
     * What a night compares by default: {@value #LEAST_BUDGET} bytes, or as much as is read anyway, if that is more,
     * but not more than one per cent of the disk for that reason. So a night takes time for what changed, whatever the
     * size of the disk.
     *
     * @param allocated bytes of the disk that may hold data
     * @param changed bytes that are read since the list names them
     * @param tenfold whether the list's source gave reason for distrust
     */
    public static long budget(long allocated, long changed, boolean tenfold) {
        long budget = Math.max(LEAST_BUDGET, Math.min(changed, allocated / SHARE_OF_DISK));
        return tenfold ? 10 * budget : budget;
    }

    /** Slices for so many bytes: small enough for a budget to be met, few enough for memory. */
    public static int slices(long allocated) {
        return (int) Math.max(LEAST_SLICES, Math.min(MOST_SLICES, allocated / SLICE));
    }

    /** A round of a disk of {@code allocated} bytes with {@code budget} bytes a night, at least one slice. */
    public static AuditRound ofBudget(int slices, long allocated, long budget) {
        if (budget >= allocated) {
            return new AuditRound(slices, slices);
        }
        double share = (double) budget / allocated;
        return new AuditRound(slices, (int) Math.min(slices, Math.max(1, Math.ceil(share * slices))));
    }

    /** A round with a share of the disk a night, at least one slice but for none at all. */
    public static AuditRound ofShare(int slices, double share) {
        return new AuditRound(slices, (int) Math.min(slices, Math.ceil(share * slices)));
    }

    /** Nights until every unchanged block was compared; 0 when none ever is. */
    public int nights() {
        return perNight == 0 ? 0 : (slices + perNight - 1) / perNight;
    }

    /**
     * The probability that nothing is noticed for so many nights, if each of them the list leaves out {@code blocks}
     * changed blocks that it calls unchanged from then on. Wherever they lie, as long as that has nothing to do with
     * the order of the slices, which nobody knows outside the repository. 0 means that it is noticed for certain.
     */
    public double unnoticed(int blocks, int nights) {
        double logarithm = 0;
        for (int exposed = 1; exposed <= nights; exposed++) {
            double compared = (double) exposed * perNight / slices;
            if (compared >= 1) {
                return 0;
            }
            logarithm += blocks * Math.log1p(-compared);
        }
        return Math.exp(logarithm);
    }
}
