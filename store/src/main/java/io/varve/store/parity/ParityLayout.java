package io.varve.store.parity;

/**
 * How a pack's sectors are distributed over stripes: neighbours to different ones, so that a run of bad sectors costs
 * each stripe few. Sector i is column {@code i / stripes} of stripe {@code i % stripes}. Sectors behind the end, and
 * the rest of the last, are zeros.
 *
 * @param packLength bytes
 * @param columns most data sectors of a stripe
 */
record ParityLayout(long packLength, int columns) {
    /** Bytes: what a disk loses at least. */
    static final int SECTOR = 4096;

    /** Stripes that are computed together, and whose parity lies together. */
    static final int GROUP = 1024;

    static final int MIN_PERCENT = 2;
    static final int MAX_PERCENT = 50;

    /** @param percent of the pack's length that parity takes, about: {@value #MIN_PERCENT} to {@value #MAX_PERCENT} */
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

    /** Stripes of the group that begins with stripe {@code first}. */
    int groupWidth(int first) {
        return Math.min(GROUP, stripes() - first);
    }

    /** Position of parity {@code q} of a stripe among the parity sectors. */
    int position(int stripe, int q) {
        int first = stripe - stripe % GROUP;
        return first * StripeCode.PARITY + q * groupWidth(first) + stripe - first;
    }

    /** Bytes of sector {@code index} that the pack has. */
    int length(int index) {
        return (int) Math.min(SECTOR, packLength - (long) index * SECTOR);
    }
}
