package io.varve.tools.document;

import java.util.List;

@Says("The snapshots that the command dealt with.")
public record SnapshotIdsDocument(@Says("Their ids") List<String> snapshotIds) {}
