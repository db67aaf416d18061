package io.varve.adapters.rsvd;

import io.varve.engine.port.CheckpointDisk;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A shared disk of a checkpoint.
 *
 * @param live closed with the checkpoint
 * @param frozen empty for one that is read live
 */
record TakenDisk(SharedDisk live, CheckpointDisk disk, UUID id, Optional<Frozen> frozen) {
    /**
     * Its snapshot at the server.
     *
     * @param previous that of the previous backup
     * @param wasListed whether the previous one was still a snapshot, and no mere reference
     * @param known what earlier nights found out about references
     */
    record Frozen(
            UUID snapshot,
            SnapshotTracker tracker,
            Optional<UUID> previous,
            boolean wasListed,
            SetState.References known) {
        /** What this night found out, once the tracker was asked. */
        SetState.References references() {
            if (known == SetState.References.UNTRIED && previous.isPresent() && !wasListed) {
                return tracker.hasFailed() ? SetState.References.FAIL : SetState.References.WORK;
            }
            return known == SetState.References.WORK && !wasListed && tracker.hasFailed()
                    ? SetState.References.FAIL
                    : known;
        }
    }

    /** Closes it, and leaves its snapshot as it is. */
    void close() throws IOException {
        try (live) {
            disk.image().close();
        }
    }

    /** Closes it and deletes its snapshot. */
    void giveUp(SnapshotJournal journal, Consumer<String> notices) throws IOException {
        try (live) {
            disk.image().close();
            frozen.ifPresent(snapshot -> Leftovers.remove(live, snapshot.snapshot(), journal, notices));
        }
    }
}
