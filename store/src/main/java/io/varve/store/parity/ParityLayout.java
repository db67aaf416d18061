package io.varve.store.parity;

/**
 * How the sectors of a pack are distributed over stripes. Adjacent sectors are in different stripes, so that a run of
 * bad sectors hits each stripe only a few times. Sector i is column {@code i / stripes} of stripe {@code i % stripes}.
 * The rest of the last sector, and sectors past the end of the pack, count as zeros.
 *
 * @param packLength bytes
 * @param columns largest number of data sectors in a stripe
 */
record ParityLayout(long packLength, int columns) {
    /** Size of a sector in bytes: the smallest unit that a disk loses. */
    static final int SECTOR = 4096;

    /** Number of stripes that are computed together, and whose parity is stored together. */
    static final int GROUP = 1024;

    static final int MIN_PERCENT = 2;
    static final int MAX_PERCENT = 50;

    /**
     * @param percent approximate size of the parity as a percentage of the pack: {@value #MIN_PERCENT} to
     *     {@value #MAX_PERCENT}
     */
    static ParityLayout of(long packLength, int percent) {
        if (percent < MIN_PERCENT || percent > MAX_PERCENT) {
            throw new IllegalArgumentException("parity of " + percent + " per cent");
        }
        return new ParityLayout(packLength, 100 * StripeCode.PARITY / percent);
    }

    int sectors() {
        return Math.toIntExact((packLength + SECTOR - 1) / SECTOR);
    }

    int stripes() {
        return (sectors() + columns - 1) / columns;
    }

    int paritySectors() {
        return stripes() * StripeCode.PARITY;
    }

    /** Number of stripes in the group that begins with stripe {@code first}. */
    int groupWidth(int first) {
        return Math.min(GROUP, stripes() - first);
    }

    /** Position of parity {@code q} of a stripe among the parity sectors. */
    int position(int stripe, int q) {
        int first = stripe - stripe % GROUP;
        return first * StripeCode.PARITY + q * groupWidth(first) + stripe - first;
    }

    /** Length in bytes of sector {@code index}, which is shorter at the end of the pack. */
    int length(int index) {
        return (int) Math.min(SECTOR, packLength - (long) index * SECTOR);
    }
}
