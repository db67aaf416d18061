package io.varve.adapters.hyperv;

import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.CheckpointFile;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.Previous;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** How the files of a checkpoint are read, and who is asked what changed in them. */
public interface DiskReading {
    /**
     * A disk of a checkpoint, opened.
     *
     * @param image owned by the caller
     * @param changes what changed since a change id; its own token is not used. Usable while the image is open
     */
    record Opened(DiskImage image, ChangeTracker changes) {}

    /**
     * What tonight begins with.
     *
     * @param previous what earlier snapshots recorded
     * @param base what change lists start from
     * @param before the value of {@link #state} on the previous night
     */
    record Frozen(HostCheckpoint checkpoint, Previous previous, Base base, Optional<String> before) {}

    /** Called once, after the machine was frozen and before its first disk is opened. */
    default void begin(Frozen frozen) throws IOException {
        // Most readings need no memory.
    }

    /**
     * Called when all disks are closed and nothing is read any more, also after a failure; perhaps twice.
     *
     * @throws IOException when something that the reading made is left, with its place
     */
    default void end() throws IOException {
        // Most readings make nothing.
    }

    /** Called when the snapshot is committed. */
    default void committed() throws IOException {
        // Most readings need no memory.
    }

    /** What the reading needs on the next night; at most a line. */
    default Optional<String> state() {
        return Optional.empty();
    }

    /**
     * Opens a frozen disk.
     *
     * @throws IOException when it cannot be reached or opened
     */
    Opened open(CheckpointedDisk disk) throws IOException;

    /**
     * Whether this computer sees a file of the host. It need not be readable.
     *
     * @param path on the host
     */
    boolean isThere(String path) throws IOException;

    /**
     * Configuration files of a checkpoint.
     *
     * @param path on the host, of the one that the checkpoint names
     */
    List<CheckpointFile> configuration(String path) throws IOException;
}
