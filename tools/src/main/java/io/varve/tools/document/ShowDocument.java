package io.varve.tools.document;

@Says("One snapshot.")
public record ShowDocument(@Says("The snapshot") SnapshotEntry snapshot) {}
