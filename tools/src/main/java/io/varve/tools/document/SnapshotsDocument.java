package io.varve.tools.document;

import java.util.List;
import java.util.Optional;

@Says("The snapshots of the repository, oldest first.")
public record SnapshotsDocument(
        @Says("The snapshots") List<SnapshotEntry> snapshots,

        @Says("The same by groups, with --group; absent without")
        Optional<List<SnapshotGroupEntry>> snapshotGroups) {}
