package io.varve.engine.port;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * What a machine's committed snapshots recorded about its source: everything a source needs from earlier nights.
 * Immutable.
 *
 * @param nights newest first: the parent of tonight's snapshot, its parent, and so on, up to 32. Empty for a machine's
 *     first backup
 */
public record Previous(List<Night> nights) {
    /** For a machine that was never backed up. */
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
     * @param snapshotId the id that {@link Checkpoint#commit} received, or would have received
     * @param startedAt the time of the snapshot; no decision may depend on it
     * @param sourceState the value of {@link Checkpoint#sourceState()} at that time, verbatim
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
     * A disk as recorded in a snapshot.
     *
     * @param named whether the operator or the hypervisor gave the name
     * @param id the disk's own identity, where its format has one
     * @param size in bytes
     * @param token the value of its tracker's {@link ChangeTracker#token()} at that time, verbatim
     */
    public record Disk(String name, boolean named, Optional<UUID> id, long size, Optional<String> token) {
        public Disk {
            Objects.requireNonNull(name);
            Objects.requireNonNull(id);
            Objects.requireNonNull(token);
        }
    }
}
