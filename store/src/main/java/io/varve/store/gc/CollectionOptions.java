package io.varve.store.gc;

/**
 * @param maxWaste percent of a pack's bytes that may be unneeded; packs with more are repacked
 * @param maxDelete percent of the repository's bytes that one run may condemn; more is refused
 * @param dryRun whether to change nothing
 */
public record CollectionOptions(double maxWaste, double maxDelete, boolean dryRun) {
    public static final double DEFAULT_MAX_WASTE = 10;
    public static final double DEFAULT_MAX_DELETE = 50;

    public CollectionOptions {
        if (!(maxWaste >= 0 && maxWaste <= 100 && maxDelete >= 0 && maxDelete <= 100)) {
            throw new IllegalArgumentException("percentages from 0 to 100, not " + maxWaste + " and " + maxDelete);
        }
    }
}
