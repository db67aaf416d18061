package io.varve.tools.command;

import io.varve.store.Repository;
import io.varve.store.hold.Holds;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotId;
import io.varve.tools.document.SnapshotEntry;
import io.varve.tools.output.SnapshotEntries;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** What keeps a snapshot regardless of retention rules: protection and holds. */
record Keeping(Set<SnapshotId> isProtected, Holds.Listing holds) {
    static Keeping of(Repository repository) throws IOException {
        return new Keeping(repository.shelf().allProtected(), repository.holds().list());
    }

    /** Returns the reasons in words, for a table; empty if there are none. */
    String of(Snapshot snapshot) {
        boolean held = holds.of(snapshot.manifest().machine()).isPresent();
        boolean fixed = isProtected.contains(snapshot.id());
        return fixed && held ? "protected, hold" : fixed ? "protected" : held ? "hold" : "";
    }

    SnapshotEntry entry(Snapshot snapshot) {
        return SnapshotEntries.of(
                snapshot,
                Optional.of(isProtected.contains(snapshot.id())),
                holds.of(snapshot.manifest().machine()));
    }
}
