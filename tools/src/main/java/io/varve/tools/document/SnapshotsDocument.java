package io.varve.tools.document;

import java.util.List;

@Says("The snapshots of the repository, oldest first.")
public record SnapshotsDocument(@Says("The snapshots") List<SnapshotEntry> snapshots) {}
