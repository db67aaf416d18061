package io.varve.engine.port;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * What a machine's committed snapshots say of its source: all that a source needs to know of earlier nights. Immutable.
 *
 * @param nights newest first; the one that tonight's snapshot follows, the one before that, and so on, up to 32. Empty
 *     for a machine's first backup
 */
public record Previous(List<Night> nights) {
    /** Of a machine that was never backed up. */
    public static final Previous NONE = new Previous(List.of());

    public Previous {
        nights = List.copyOf(nights);
    }

    /** The newest night; empty for a machine's first backup. */
    public Optional<Night> newest() {
        return nights.stream().findFirst();
    }

    /**
     * One committed snapshot.
     *
     * @param snapshotId as {@link Checkpoint#commit} was given it, or would have been
     * @param startedAt the moment the snapshot counts for; no decision may rest on it
     * @param sourceState what {@link Checkpoint#sourceState()} gave then, verbatim
     */
    public record Night(String snapshotId, Instant startedAt, Optional<String> sourceState, List<Disk> disks) {
        public Night {
            Objects.requireNonNull(snapshotId);
            Objects.requireNonNull(startedAt);
            Objects.requireNonNull(sourceState);
            disks = List.copyOf(disks);
        }
    }

    /**
     * A disk as it stands in a snapshot.
     *
     * @param named whether the operator or the hypervisor gave the name
     * @param id the disk's own identity, where its format has one
     * @param size in bytes
     * @param token what its tracker's {@link ChangeTracker#token()} gave then, verbatim
     */
    public record Disk(String name, boolean named, Optional<UUID> id, long size, Optional<String> token) {
        public Disk {
            Objects.requireNonNull(name);
            Objects.requireNonNull(id);
            Objects.requireNonNull(token);
        }
    }
}
