package io.varve.store.snapshot;

import java.time.Instant;
import java.util.Optional;

/**
 * The part of a manifest that determines its snapshot's place among those of its machine.
 *
 * @param sequence the place itself; manifests of older builds have none
 * @param parent the snapshot it was made after
 * @param startedAt by the clock of the computer that made it, which may have been wrong
 */
public record SnapshotHead(
        SnapshotId id, String machine, Optional<Long> sequence, Optional<SnapshotId> parent, Instant startedAt) {
    /** Greatest valid sequence number. */
    public static final long MAX_SEQUENCE = 1L << 53;

    static SnapshotHead of(Snapshot snapshot) {
        Manifest manifest = snapshot.manifest();
        return new SnapshotHead(
                snapshot.id(), manifest.machine(), manifest.sequence(), manifest.parent(), manifest.startedAt());
    }
}
