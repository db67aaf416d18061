package io.varve.tools.output;

import java.util.Optional;

/**
 * What a progress is about.
 *
 * @param phase what the command is doing, such as {@code reading}
 * @param machine whose disks; empty where the work belongs to no single machine
 * @param disk name of the disk; empty where the work belongs to no single disk
 * @param snapshotId empty where the work belongs to no single snapshot
 */
public record Subject(String phase, Optional<String> machine, Optional<String> disk, Optional<String> snapshotId) {
    public static Subject phase(String phase) {
        return new Subject(phase, Optional.empty(), Optional.empty(), Optional.empty());
    }

    public static Subject disk(String phase, String machine, String disk) {
        return new Subject(phase, Optional.of(machine), Optional.of(disk), Optional.empty());
    }

    public static Subject snapshot(String phase, String machine, String snapshotId) {
        return new Subject(phase, Optional.of(machine), Optional.empty(), Optional.of(snapshotId));
    }

    /** For people: the disk, or what is being done, with the short id of the snapshot if there is one. */
    String title() {
        return disk.orElseGet(() -> phase
                + snapshotId
                        .map(id -> " " + id.substring(0, Math.min(8, id.length())))
                        .orElse(""));
    }
}
