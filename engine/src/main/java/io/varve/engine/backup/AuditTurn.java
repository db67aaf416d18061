package io.varve.engine.backup;

import io.varve.engine.plan.AuditRound;
import io.varve.engine.plan.AuditSlices;
import io.varve.store.snapshot.AuditRecord;
import io.varve.store.snapshot.DiskRecord;
import java.time.Instant;
import java.util.Optional;

/**
 * The part of a disk that one night audits, and the state from which the next night continues. Pure functions.
 *
 * @param slices whose unchanged blocks are compared
 * @param after for the manifest, once these blocks were found equal
 */
record AuditTurn(AuditSlices slices, Optional<AuditRecord> after) {
    /**
     * How the disk is read, before it is known which parts.
     *
     * @param doubtful whether last night's source was written to while it was read: its map may hold wrong blocks that
     *     no list will name
     */
    record Given(BackupOptions options, Instant now, long allocated, long changed, boolean doubtful) {
        Given(BackupOptions options, Instant now, long allocated, long changed) {
            this(options, now, allocated, changed, false);
        }
    }

    /**
     * For a disk that is read by its change list.
     *
     * @param before last night's record of it, {@code beforeAt} the time of its snapshot
     */
    static AuditTurn incremental(DiskRecord before, Instant beforeAt, Given given) {
        AuditRecord last =
                doubted(fitted(before.audit().orElseGet(() -> first(before, beforeAt, given)), given), given);
        AuditRound round = round(last, given);
        AuditSlices slices = new AuditSlices(last.seed(), last.slices(), last.done(), round.perNight());
        Instant began = last.done() == 0 ? given.now : last.roundBegan();
        int done = last.done() + round.perNight();
        if (round.perNight() == last.slices()) {
            return new AuditTurn(slices, after(last, 0, round, given.now, Optional.of(given.now), false));
        }
        if (done >= last.slices()) {
            // What is beyond the end is the beginning of the next round, in the same order: so that no block waits
            // for longer than the slices of one round.
            return new AuditTurn(
                    slices, after(last, done - last.slices(), round, given.now, Optional.of(began), false));
        }
        return new AuditTurn(slices, after(last, done, round, began, last.comparedSince(), last.tenfold()));
    }

    /** For a disk that is read whole: all of it is compared, and a new round begins. */
    static AuditTurn whole(Mode mode, Optional<DiskRecord> before, Optional<Instant> doubtedSince, Given given) {
        Optional<AuditRecord> last = before.flatMap(DiskRecord::audit);
        boolean tenfold = mode == Mode.DEMOTED
                || given.doubtful
                || last.isPresent() && last.get().tenfold();
        if (!tenfold) {
            return new AuditTurn(AuditSlices.NONE, Optional.empty()); // that it was read whole says it all
        }
        AuditRecord fresh = new AuditRecord(
                given.options.auditSeed(),
                AuditRound.slices(given.allocated),
                0,
                0,
                given.now,
                Optional.of(given.now),
                doubtedSince,
                true);
        return new AuditTurn(AuditSlices.NONE, Optional.of(fresh));
    }

    private static AuditRecord first(DiskRecord before, Instant beforeAt, Given given) {
        boolean wasReadWhole = !before.mode().equals(Mode.INCREMENTAL.word());
        return new AuditRecord(
                given.options.auditSeed(),
                AuditRound.slices(given.allocated),
                0,
                0,
                given.now,
                wasReadWhole ? Optional.of(beforeAt) : Optional.empty(),
                Optional.empty(),
                false);
    }

    /** Between two rounds, adapts the number of slices if the disk grew or shrank a lot. */
    private static AuditRecord fitted(AuditRecord last, Given given) {
        int fitting = AuditRound.slices(given.allocated);
        boolean fits = fitting <= 2 * last.slices() && last.slices() <= 2 * fitting;
        return fits || last.done() > 0 || given.options.auditFraction() == 0
                ? last
                : new AuditRecord(
                        last.seed(),
                        fitting,
                        0,
                        0,
                        last.roundBegan(),
                        last.comparedSince(),
                        Optional.empty(),
                        last.tenfold());
    }

    /** As after a demotion: ten times as much, until a round is complete. */
    private static AuditRecord doubted(AuditRecord last, Given given) {
        return !given.doubtful
                ? last
                : new AuditRecord(
                        last.seed(),
                        last.slices(),
                        last.done(),
                        last.taken(),
                        last.roundBegan(),
                        last.comparedSince(),
                        last.doubtedSince(),
                        true);
    }

    private static AuditRound round(AuditRecord last, Given given) {
        return given.options.auditFraction() >= 0
                ? AuditRound.ofShare(last.slices(), given.options.auditFraction())
                : AuditRound.ofBudget(
                        last.slices(),
                        given.allocated,
                        AuditRound.budget(given.allocated, given.changed, last.tenfold()));
    }

    private static Optional<AuditRecord> after(
            AuditRecord last,
            int done,
            AuditRound round,
            Instant began,
            Optional<Instant> comparedSince,
            boolean tenfold) {
        return Optional.of(new AuditRecord(
                last.seed(), last.slices(), done, round.perNight(), began, comparedSince, Optional.empty(), tenfold));
    }
}
