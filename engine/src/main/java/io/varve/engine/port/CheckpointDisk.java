package io.varve.engine.port;

import java.util.Objects;

/**
 * One frozen disk of a {@link Checkpoint}.
 *
 * @param name the disk's name within its machine, unique there
 * @param named whether the operator or the hypervisor gave the name; then it identifies the disk across nights. False
 *     for a name derived from a file name
 */
public record CheckpointDisk(String name, boolean named, DiskImage image, ChangeTracker tracker) {
    public CheckpointDisk {
        Objects.requireNonNull(name);
        Objects.requireNonNull(image);
        Objects.requireNonNull(tracker);
    }
}
