package io.varve.adapters.rsvd;

import io.varve.adapters.rct.ChangeQuery;
import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.Changes;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What changed on a shared disk from an earlier snapshot to tonight's. The token is a snapshot's id. Whatever speaks
 * against the list costs a full read of this disk and nothing else.
 */
final class SnapshotTracker implements ChangeTracker {
    static final String GONE = "snapshot-gone";
    static final String INVALID = "change-list-invalid";
    static final String FAILED = "change-tracking-failed";
    static final String MISMATCH = "token-mismatch";

    private final SharedDisk disk;
    private final long size;
    private final UUID snapshot;
    private final List<UUID> listed;
    private final boolean mayBeReference;
    private boolean failed;

    /**
     * @param snapshot tonight's
     * @param listed the set's snapshots before tonight's was taken
     * @param mayBeReference whether the server may still know an earlier snapshot that is not listed any more
     */
    SnapshotTracker(SharedDisk disk, long size, UUID snapshot, List<UUID> listed, boolean mayBeReference) {
        this.disk = disk;
        this.size = size;
        this.snapshot = snapshot;
        this.listed = listed;
        this.mayBeReference = mayBeReference;
    }

    @Override
    public Changes changesSince(String token) throws IOException {
        UUID base;
        try {
            base = UUID.fromString(token);
        } catch (IllegalArgumentException e) {
            return new Changes.Unknown(MISMATCH, "the previous snapshot's change id is not of this source: " + token);
        }
        if (!listed.contains(base) && !mayBeReference) {
            return new Changes.Unknown(GONE, "somebody deleted snapshot " + base + " of the previous backup");
        }
        try {
            return new Changes.Known(
                    ChangeQuery.all(size, (offset, length) -> disk.changes(snapshot, base, offset, length)));
        } catch (ChangeQuery.ImpossibleAnswerException e) {
            failed = true;
            return new Changes.Unknown(INVALID, "the change list cannot be true: " + e.getMessage());
        } catch (RsvdException e) {
            failed = true;
            return new Changes.Unknown(FAILED, e.getMessage());
        }
    }

    /** Whether the server was asked and did not give a list. */
    boolean hasFailed() {
        return failed;
    }

    @Override
    public Optional<String> token() {
        return Optional.of(snapshot.toString());
    }
}
