package io.varve.adapters.rsvd;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/** Snapshots of a backup that was given up. */
final class Leftovers {
    private Leftovers() {}

    /** Deletes one that was never committed; if that fails, the journal keeps it for the next backup. */
    static void remove(SharedDisk disk, UUID snapshot, SnapshotJournal journal, Consumer<String> notices) {
        try {
            if (disk.snapshots().contains(snapshot)) {
                disk.deleteSnapshot(snapshot, false);
            }
            List<UUID> pending = new ArrayList<>(journal.read());
            pending.remove(snapshot);
            journal.write(pending);
        } catch (IOException e) {
            notices.accept("snapshot " + snapshot + " of " + disk.location()
                    + " could not be deleted; the next backup of the machine tries again: " + e.getMessage());
        }
    }
}
