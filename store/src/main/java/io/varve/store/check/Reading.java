package io.varve.store.check;

/**
 * When a pack was last read. Seconds since 1970; 0 is never. For reports and for the choice of what to read next only.
 *
 * @param readAt when all of it was read and every hash of stored bytes matched
 * @param deepAt when every chunk was also decoded and matched its id
 * @param damagedAt when it was read and found damaged
 */
record Reading(long readAt, long deepAt, long damagedAt) {
    static final Reading NEVER = new Reading(0, 0, 0);

    /** Merges two records of one pack, in any order. */
    Reading and(Reading other) {
        return new Reading(
                Math.max(readAt, other.readAt), Math.max(deepAt, other.deepAt), Math.max(damagedAt, other.damagedAt));
    }

    /** This and one more reading, which counts as later than this, whatever the clock says. */
    Reading now(long seconds, FsckOptions.Level level, boolean sound) {
        if (!sound) {
            return new Reading(readAt, deepAt, Math.max(seconds, Math.max(readAt, deepAt)));
        }
        long at = Math.max(seconds, damagedAt + 1);
        return new Reading(at, level == FsckOptions.Level.DEEP ? at : deepAt, damagedAt);
    }

    /** Without times later than this, which come from a wrong clock. */
    Reading believedBefore(long seconds) {
        return new Reading(
                readAt > seconds ? 0 : readAt, deepAt > seconds ? 0 : deepAt, damagedAt > seconds ? 0 : damagedAt);
    }

    /** When it was last found intact at this level; 0 when it never was, or was found damaged since. */
    long soundAt(FsckOptions.Level level) {
        return isDamaged() ? 0 : level == FsckOptions.Level.DEEP ? deepAt : Math.max(readAt, deepAt);
    }

    /** Whether it was damaged when last read. */
    boolean isDamaged() {
        return damagedAt > 0 && damagedAt >= Math.max(readAt, deepAt);
    }
}
