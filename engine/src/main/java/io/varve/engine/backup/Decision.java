package io.varve.engine.backup;

import io.varve.engine.port.Changes;
import io.varve.engine.port.CheckpointDisk;
import io.varve.engine.range.RangeSet;
import io.varve.engine.source.GuardedTracker;
import io.varve.store.map.BlockMap;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.DiskRecord;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;

/**
 * How one disk will be read, and why.
 *
 * @param changes what to read; null unless the mode is incremental
 * @param parent block map to compare with and to inherit from; null when there is none that is complete
 */
record Decision(Mode mode, String reasonCode, String reason, RangeSet changes, BlockMap parent) {
    /** The list starts and ends at the same token, so the token marks no point in time. */
    static final String TOKEN_REPEATED = "token-repeated";

    /** The token was stored with several states of the disk, so it identifies none of them. */
    static final String TOKEN_REUSED = "token-reused";

    /**
     * @param disk guarded: its tracker always answers
     * @param gptGuid of the partition table on the disk, where there is one
     */
    static Decision of(
            CheckpointDisk disk,
            Optional<UUID> gptGuid,
            DiskPairing.Pair pair,
            WriteSession session,
            EarlierNights earlier)
            throws IOException {
        Decision decision = ofContent(disk, gptGuid, pair, ofKnown(disk, pair, session, earlier));
        // Without the tracker's answers the disk would look untracked, and its list would be ignored silently.
        Optional<String> fault =
                disk.tracker() instanceof GuardedTracker tracker ? tracker.fault() : Optional.<String>empty();
        return fault.isPresent() ? decision.demoted(GuardedTracker.FAILED, fault.get()) : decision;
    }

    /** Rejects the list of a disk whose partition table belongs to another disk, whatever the file's own identity. */
    private static Decision ofContent(
            CheckpointDisk disk, Optional<UUID> gptGuid, DiskPairing.Pair pair, Decision decision) {
        if (decision.mode() != Mode.INCREMENTAL || disk.tracker().tokensNameContent()) {
            return decision;
        }
        return DiskIdentity.gptDoubt(gptGuid, pair.parent().orElseThrow())
                .map(doubt -> decision.demoted(doubt.code(), doubt.message()))
                .orElse(decision);
    }

    private static Decision ofKnown(
            CheckpointDisk disk, DiskPairing.Pair pair, WriteSession session, EarlierNights earlier)
            throws IOException {
        boolean known = pair.parent().isPresent()
                && (pair.certain()
                        || pair.doubt().isPresent()
                        || pair.parent().get().size() == disk.image().size());
        if (!known && hasList(disk)) {
            return new Decision(
                    Mode.DEMOTED,
                    "token-mismatch",
                    "the change list starts from token '"
                            + disk.tracker().baseToken().get() + "', but the previous snapshot does not hold this disk"
                            + stored(disk, earlier),
                    null,
                    null);
        }
        if (!known) {
            return new Decision(Mode.FULL, "first-backup", "first backup of this disk", null, null);
        }
        DiskRecord before = pair.parent().get();
        if (before.size() != disk.image().size()) {
            if (pair.doubt().isPresent() && (pair.doubt().get().always() || hasList(disk))) {
                Doubt doubt = pair.doubt().get();
                return new Decision(
                        Mode.DEMOTED,
                        doubt.code(),
                        doubt.message() + " (that one had " + before.size() + " bytes, this one has "
                                + disk.image().size() + ")",
                        null,
                        null);
            }
            return new Decision(
                    hasList(disk) ? Mode.DEMOTED : Mode.FULL,
                    "disk-resized",
                    "the disk had " + before.size() + " bytes before, it has "
                            + disk.image().size() + " now",
                    null,
                    null);
        }
        BlockMap map = session.map(before);
        if (!session.isComplete(map)) {
            return new Decision(
                    Mode.DEMOTED,
                    "inherited-missing",
                    "the repository has lost blocks of the previous snapshot; reading the whole disk"
                            + " restores those it still holds (run 'varve fsck')",
                    null,
                    null);
        }
        if (pair.doubt().isPresent() && !provesItself(disk, before)) {
            return ofDoubt(disk, pair.doubt().get(), before, map);
        }
        return ofList(disk, pair.certain() || pair.doubt().isPresent(), before, map, earlier);
    }

    /** A token that identifies content and is recorded for the disk is better evidence than any name or GUID. */
    private static boolean provesItself(CheckpointDisk disk, DiskRecord before) throws IOException {
        return disk.tracker().tokensNameContent() && givesList(disk, before);
    }

    private static boolean givesList(CheckpointDisk disk, DiskRecord before) throws IOException {
        return before.changeToken().isPresent()
                && disk.tracker().changesSince(before.changeToken().get()) instanceof Changes.Known;
    }

    private static Decision ofDoubt(CheckpointDisk disk, Doubt doubt, DiskRecord before, BlockMap map)
            throws IOException {
        return doubt.always() || hasList(disk) || givesList(disk, before)
                ? new Decision(Mode.DEMOTED, doubt.code(), doubt.message(), null, map)
                : new Decision(
                        Mode.FULL, "no-change-list", "no change list: read in full; " + doubt.message(), null, map);
    }

    /** The disk and snapshot with which the list's token was stored, if it is another one. */
    private static String stored(CheckpointDisk disk, EarlierNights earlier) throws IOException {
        Optional<String> where = earlier.whereStored(disk.tracker().baseToken().get());
        return where.map(place -> "; that token was stored with " + place).orElse("");
    }

    private static boolean hasList(CheckpointDisk disk) {
        return disk.tracker().baseToken().isPresent();
    }

    private static Decision ofList(
            CheckpointDisk disk, boolean certain, DiskRecord before, BlockMap map, EarlierNights earlier)
            throws IOException {
        Optional<String> token = certain ? before.changeToken() : Optional.empty();
        if (token.isEmpty() && hasList(disk)) {
            return new Decision(
                    Mode.DEMOTED,
                    "token-mismatch",
                    "the change list starts from token '"
                            + disk.tracker().baseToken().get()
                            + "', the previous snapshot holds "
                            + (certain ? "no token" : "no disk with it") + stored(disk, earlier),
                    null,
                    map);
        }
        if (token.isEmpty()) {
            return new Decision(Mode.FULL, "no-change-list", "no change list: read in full", null, map);
        }
        Changes answer = disk.tracker().changesSince(token.get());
        if (answer instanceof Changes.Unknown unknown) {
            boolean none = unknown.isPlanned() || unknown.code().equals(Changes.NO_TRACKING);
            boolean elsewhere = hasList(disk) && !disk.tracker().baseToken().equals(token);
            String reason = unknown.reason() + (elsewhere ? stored(disk, earlier) : "");
            return new Decision(none ? Mode.FULL : Mode.DEMOTED, unknown.code(), reason, null, map);
        }
        RangeSet ranges = ((Changes.Known) answer).ranges();
        if (ranges.endOffset() > disk.image().size()) {
            return new Decision(
                    Mode.DEMOTED,
                    "change-list-invalid",
                    "the change list extends to " + ranges.endOffset() + ", the disk ends at "
                            + disk.image().size(),
                    null,
                    map);
        }
        if (!ranges.isEmpty()
                && disk.tracker().token().equals(token)
                && !disk.tracker().tokensNameContent()) {
            return new Decision(
                    Mode.DEMOTED,
                    TOKEN_REPEATED,
                    "the change list starts from token '" + token.get()
                            + "' and ends at the same one, but is not empty: such a token marks no"
                            + " point in time, so the list may start after the previous snapshot. Give each"
                            + " backup its own token",
                    null,
                    map);
        }
        Optional<String> other = earlier.otherState(token.get(), before);
        if (other.isPresent()) {
            return new Decision(
                    Mode.DEMOTED,
                    TOKEN_REUSED,
                    "the change list starts from token '" + token.get()
                            + "', which was stored with the previous snapshot"
                            + " and, with other content, with " + other.get() + ": it marks no point in"
                            + " time. Give each backup its own token",
                    null,
                    map);
        }
        return new Decision(Mode.INCREMENTAL, "change-list", "change list since '" + token.get() + "'", ranges, map);
    }

    /** The same disk, read whole, because its change list is unavailable or omitted a change. */
    Decision demoted(String code, String why) {
        return new Decision(Mode.DEMOTED, code, why, null, parent);
    }
}
