package io.varve.store.snapshot;

import io.varve.store.chunk.ChunkId;

/**
 * A committed manifest.
 *
 * @param digest SHA-256 of its file, to which the machine's next manifest links
 */
public record Snapshot(SnapshotId id, Manifest manifest, ChunkId digest) {}
