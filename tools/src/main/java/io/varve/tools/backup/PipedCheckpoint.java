package io.varve.tools.backup;

import io.varve.engine.port.Checkpoint;
import io.varve.engine.port.CheckpointDisk;
import io.varve.engine.port.CheckpointFile;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.ForwardingImage;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A checkpoint of a scratch file, recorded as what came from standard input. */
public final class PipedCheckpoint implements Checkpoint {
    private final Checkpoint checkpoint;
    private final String consistency;
    private final List<CheckpointDisk> disks;

    /** @param consistency of the disk, as the operator says; the checkpoint is closed with this one */
    public PipedCheckpoint(Checkpoint checkpoint, String consistency) {
        this.checkpoint = checkpoint;
        this.consistency = consistency;
        this.disks = checkpoint.disks().stream()
                .map(disk -> new CheckpointDisk(disk.name(), disk.named(), new Piped(disk.image()), disk.tracker()))
                .toList();
    }

    /** Where the scratch file was is of no use to anybody. */
    private static final class Piped extends ForwardingImage {
        Piped(DiskImage image) {
            super(image);
        }

        @Override
        public String location() {
            return "standard input";
        }
    }

    @Override
    public List<CheckpointDisk> disks() {
        return disks;
    }

    @Override
    public String consistency() {
        return consistency;
    }

    @Override
    public List<CheckpointFile> files() {
        return checkpoint.files();
    }

    @Override
    public Optional<String> sourceState() {
        return checkpoint.sourceState();
    }

    @Override
    public void commit(String snapshotId) throws IOException {
        checkpoint.commit(snapshotId);
    }

    @Override
    public void close() throws IOException {
        checkpoint.close();
    }
}
