package io.varve.store.gc;

import io.varve.store.Repository;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.hold.Holds;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Forgotten snapshots of machines on hold. Collection treats them as existing snapshots, so they can still be brought
 * back when the hold is released.
 */
final class HeldSnapshots {
    private final WriteSession session;
    private final Repository repository;
    private final CollectionListener listener;
    private final Lift lift;

    /** Takes condemned packs off their lists. */
    @FunctionalInterface
    interface Lift {
        /** @return false in a run that changes nothing */
        boolean lift(CorruptDataException why) throws IOException;
    }

    HeldSnapshots(WriteSession session, CollectionListener listener, Lift lift) {
        this.lift = lift;
        this.session = session;
        this.repository = session.repository();
        this.listener = listener;
    }

    /**
     * @param inTrash forgotten snapshots that were not collected yet
     * @return those of machines on hold that are still complete; for each other one there is a warning
     */
    List<Snapshot> among(Set<SnapshotId> inTrash) throws IOException {
        List<Snapshot> held = new ArrayList<>();
        Holds.Listing holds = repository.holds().list();
        if (holds.isEmpty()) {
            return held;
        }
        for (SnapshotId id : inTrash) {
            try {
                Snapshot snapshot = repository.shelf().readTrash(id);
                Optional<String> reason = holds.of(snapshot.manifest().machine());
                if (reason.isPresent() && isWhole(snapshot)) {
                    held.add(snapshot);
                    listener.notice("forgotten snapshot " + id + " of machine "
                            + snapshot.manifest().machine() + " is kept: hold " + reason.get());
                }
            } catch (CorruptDataException e) {
                listener.warning("forgotten-manifest-damaged", "cannot be kept for a hold: " + e.getMessage());
            } catch (NoSuchFileException e) {
                // Brought back since it was listed.
            }
        }
        return held;
    }

    /**
     * Packs that it needs may be condemned already and so count as absent; they are taken off their lists. An
     * interrupted sweep may have deleted some of them before the hold was placed.
     */
    private boolean isWhole(Snapshot snapshot) throws IOException {
        try {
            walk(snapshot);
            return true;
        } catch (CorruptDataException e) {
            try {
                if (lift.lift(e)) {
                    walk(snapshot);
                    return true;
                }
            } catch (CorruptDataException again) {
                e.addSuppressed(again);
            }
            listener.warning(
                    "held-snapshot-incomplete",
                    "forgotten snapshot " + snapshot.id() + " cannot be kept for the hold on machine "
                            + snapshot.manifest().machine() + ": " + e.getMessage());
            return false;
        }
    }

    private void walk(Snapshot snapshot) throws IOException {
        Mark.run(List.of(snapshot), session.pages(), id -> {}, () -> {}, () -> {});
    }
}
