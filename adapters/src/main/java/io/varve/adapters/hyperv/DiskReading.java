package io.varve.adapters.hyperv;

import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.CheckpointFile;
import io.varve.engine.port.DiskImage;
import java.io.IOException;
import java.util.List;

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
     * Opens a frozen disk.
     *
     * @throws IOException when it cannot be reached or opened
     */
    Opened open(CheckpointedDisk disk) throws IOException;

    /**
     * Configuration files of a checkpoint.
     *
     * @param path on the host, of the one that the checkpoint names
     */
    List<CheckpointFile> configuration(String path) throws IOException;
}
