package io.varve.store.check;

/**
 * When a pack was last read. Seconds since 1970; 0 is never. For reports and for the choice of what to read next only.
 *
 * @param readAt all of it was read, and every stored byte was what its hash says
 * @param deepAt every chunk was decoded too, and its id computed
 * @param damagedAt it was read and was not sound
 */
record Reading(long readAt, long deepAt, long damagedAt) {
    static final Reading NEVER = new Reading(0, 0, 0);

    /** What two records of one pack say together, in any order. */
    Reading and(Reading other) {
        return new Reading(
                Math.max(readAt, other.readAt), Math.max(deepAt, other.deepAt), Math.max(damagedAt, other.damagedAt));
    }

    /** This and one more, after this whatever the clock says. */
    Reading now(long seconds, FsckOptions.Level level, boolean sound) {
        if (!sound) {
            return new Reading(readAt, deepAt, Math.max(seconds, Math.max(readAt, deepAt)));
        }
        long at = Math.max(seconds, damagedAt + 1);
        return new Reading(at, level == FsckOptions.Level.DEEP ? at : deepAt, damagedAt);
    }

    /** Without what is said to have happened later: a clock was wrong then. */
    Reading believedBefore(long seconds) {
        return new Reading(
                readAt > seconds ? 0 : readAt, deepAt > seconds ? 0 : deepAt, damagedAt > seconds ? 0 : damagedAt);
    }

    /** When it was last found sound at this level; 0 when it never was, or was found damaged since. */
    long soundAt(FsckOptions.Level level) {
        return isDamaged() ? 0 : level == FsckOptions.Level.DEEP ? deepAt : Math.max(readAt, deepAt);
    }

    /** Whether it was not sound when it was last read. */
    boolean isDamaged() {
        return damagedAt > 0 && damagedAt >= Math.max(readAt, deepAt);
    }
}
