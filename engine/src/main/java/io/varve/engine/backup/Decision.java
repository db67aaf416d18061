package io.varve.engine.backup;

import io.varve.engine.port.Changes;
import io.varve.engine.port.CheckpointDisk;
import io.varve.engine.range.RangeSet;
import io.varve.store.map.BlockMap;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.DiskRecord;
import java.io.IOException;
import java.util.Optional;

/**
 * How one disk will be read, and why.
 *
 * @param changes what to read; null unless the mode is incremental
 * @param parent block map to compare with and to inherit from; null when there is none that is complete
 */
record Decision(Mode mode, String reasonCode, String reason, RangeSet changes, BlockMap parent) {
    static Decision of(CheckpointDisk disk, DiskPairing.Pair pair, WriteSession session) throws IOException {
        boolean known = pair.parent().isPresent()
                && (pair.certain() || pair.parent().get().size() == disk.image().size());
        if (!known && hasList(disk)) {
            return new Decision(
                    Mode.DEMOTED,
                    "token-mismatch",
                    "the change list starts from token '"
                            + disk.tracker().baseToken().get() + "', but no earlier snapshot holds this disk",
                    null,
                    null);
        }
        if (!known) {
            return new Decision(Mode.FULL, "first-backup", "first backup of this disk", null, null);
        }
        DiskRecord before = pair.parent().get();
        if (before.size() != disk.image().size()) {
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
                    "the repository has lost blocks of the previous snapshot; reading the disk whole brings back what"
                            + " it still holds (run 'varve fsck')",
                    null,
                    null);
        }
        return ofList(disk, pair.certain(), before, map);
    }

    private static boolean hasList(CheckpointDisk disk) {
        return disk.tracker().baseToken().isPresent();
    }

    private static Decision ofList(CheckpointDisk disk, boolean certain, DiskRecord before, BlockMap map)
            throws IOException {
        Optional<String> token = certain ? before.changeToken() : Optional.empty();
        if (token.isEmpty() && hasList(disk)) {
            return new Decision(
                    Mode.DEMOTED,
                    "token-mismatch",
                    "the change list starts from token '"
                            + disk.tracker().baseToken().get()
                            + "', the previous snapshot holds "
                            + (certain ? "no token" : "no disk with it"),
                    null,
                    map);
        }
        if (token.isEmpty()) {
            return new Decision(Mode.FULL, "no-change-list", "no change list: read whole", null, map);
        }
        Changes answer = disk.tracker().changesSince(token.get());
        if (answer instanceof Changes.Unknown unknown) {
            boolean none = unknown.code().equals(Changes.NO_TRACKING);
            return new Decision(none ? Mode.FULL : Mode.DEMOTED, unknown.code(), unknown.reason(), null, map);
        }
        RangeSet ranges = ((Changes.Known) answer).ranges();
        if (ranges.endOffset() > disk.image().size()) {
            return new Decision(
                    Mode.DEMOTED,
                    "change-list-invalid",
                    "the change list reaches to " + ranges.endOffset() + ", the disk ends at "
                            + disk.image().size(),
                    null,
                    map);
        }
        return new Decision(Mode.INCREMENTAL, "change-list", "change list since '" + token.get() + "'", ranges, map);
    }

    /** The same disk, read whole, because the change list was caught leaving something out. */
    Decision demoted(String code, String why) {
        return new Decision(Mode.DEMOTED, code, why, null, parent);
    }
}
