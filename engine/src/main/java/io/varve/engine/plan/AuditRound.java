package io.varve.engine.plan;

/**
 * How much of a disk is audited each night, and what that proves. Pure arithmetic.
 *
 * @param slices number of slices in a round, at least 1
 * @param perNight number of slices compared each night, 0 to {@code slices}
 */
public record AuditRound(int slices, int perNight) {
    /** Least bytes to compare each night. A disk of this size is compared whole. */
    public static final long LEAST_BUDGET = 64L << 20;

    private static final int SHARE_OF_DISK = 100;
    private static final int LEAST_SLICES = 128;
    private static final int MOST_SLICES = 1 << 20;
    private static final long SLICE = 16L << 20;

    /**
     * Returns how many bytes a night compares by default: as much as it reads anyway, but at least
     * {@value #LEAST_BUDGET} bytes and, above that, at most one per cent of the disk. So the time of a night depends on
     * what changed and not on the size of the disk.
     *
     * @param allocated bytes of the disk that may hold data
     * @param changed bytes that are read because the change list names them
     * @param tenfold whether there is reason to distrust the change list
     */
    public static long budget(long allocated, long changed, boolean tenfold) {
        long budget = Math.max(LEAST_BUDGET, Math.min(changed, allocated / SHARE_OF_DISK));
        return tenfold ? 10 * budget : budget;
    }

    /**
     * Returns the number of slices for so many bytes: enough for slices to be smaller than a night's budget, and few
     * enough for memory.
     */
    public static int slices(long allocated) {
        return (int) Math.max(LEAST_SLICES, Math.min(MOST_SLICES, allocated / SLICE));
    }

    /**
     * Returns a round for a disk of {@code allocated} bytes that compares {@code budget} bytes each night, but at least
     * one slice.
     */
    public static AuditRound ofBudget(int slices, long allocated, long budget) {
        if (budget >= allocated) {
            return new AuditRound(slices, slices);
        }
        double share = (double) budget / allocated;
        return new AuditRound(slices, (int) Math.min(slices, Math.max(1, Math.ceil(share * slices))));
    }

    /** Returns a round that compares a share of the disk each night: at least one slice, or none if the share is 0. */
    public static AuditRound ofShare(int slices, double share) {
        return new AuditRound(slices, (int) Math.min(slices, Math.ceil(share * slices)));
    }

    /** Returns the number of nights until every unchanged block was compared; 0 if none ever is. */
    public int nights() {
        return perNight == 0 ? 0 : (slices + perNight - 1) / perNight;
    }

    /**
     * Returns the probability that a faulty change list goes unnoticed for so many nights, if each night it omits
     * {@code blocks} changed blocks for good. It holds for any position of these blocks that does not depend on the
     * order of the slices, which is known only inside the repository. 0 means that the fault is certain to be noticed.
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
