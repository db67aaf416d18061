package io.varve.tools.document;

import java.util.List;

@Says("Without a name: the forgotten snapshots that can be brought back.")
public record ForgottenDocument(@Says("The snapshots") List<SnapshotEntry> snapshots) {}
