package io.varve.tools.document;

import java.util.List;

@Says("The snapshots of a shared virtual disk.")
public record RsvdSnapshotsDocument(
        @Says("The disk") String file,
        @Says("Its snapshots, also those of other programs") List<RsvdSnapshotEntry> setSnapshots) {}
