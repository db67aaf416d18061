package io.varve.adapters.file;

import io.varve.engine.port.Checkpoint;
import io.varve.engine.port.CheckpointDisk;
import io.varve.engine.port.CheckpointFile;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A checkpoint of disk images and configuration files that nobody writes to. Nothing has to be frozen, there is no
 * reference point to advance, and a backup that dies leaves nothing at the source.
 */
public final class FileCheckpoint implements Checkpoint {
    private final List<CheckpointDisk> disks;
    private final List<CheckpointFile> files;
    private final Optional<String> sourceState;

    /** Without configuration files. */
    public FileCheckpoint(List<CheckpointDisk> disks) {
        this(disks, List.of());
    }

    /** Takes ownership of the images of {@code disks}: closing the checkpoint closes them. */
    public FileCheckpoint(List<CheckpointDisk> disks, List<CheckpointFile> files) {
        this(disks, files, Optional.empty());
    }

    /** @param sourceState state that the change tracking of the disks needs next time */
    public FileCheckpoint(List<CheckpointDisk> disks, List<CheckpointFile> files, Optional<String> sourceState) {
        this.disks = List.copyOf(disks);
        this.files = List.copyOf(files);
        this.sourceState = sourceState;
    }

    @Override
    public List<CheckpointDisk> disks() {
        return disks;
    }

    @Override
    public String consistency() {
        return "offline";
    }

    @Override
    public List<CheckpointFile> files() {
        return files;
    }

    @Override
    public Optional<String> sourceState() {
        return sourceState;
    }

    @Override
    public void commit(String snapshotId) {
        // The next token comes with the next change list.
    }

    /** Closes every image, even if some fail. Throws the first failure, with the others suppressed in it. */
    @Override
    public void close() throws IOException {
        Exception first = null;
        for (CheckpointDisk disk : disks) {
            try {
                disk.image().close();
            } catch (IOException | RuntimeException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first instanceof IOException) {
            throw (IOException) first;
        }
        if (first instanceof RuntimeException) {
            throw (RuntimeException) first;
        }
    }
}
