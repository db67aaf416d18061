package io.varve.adapters.contract;

import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.Changes;
import io.varve.engine.port.Checkpoint;
import io.varve.engine.port.CheckpointDisk;
import io.varve.engine.port.CheckpointFile;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.Disturbance;
import io.varve.engine.port.ForwardingImage;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.engine.source.Steps;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A checkpoint of a process that may die before each thing it asks. What a dead process had open, the operating system
 * closes; nothing else is done for it.
 */
public final class SteppedCheckpoint implements Checkpoint {
    private final Checkpoint inner;
    private final Steps steps;
    private final Closeable death;

    public SteppedCheckpoint(Checkpoint inner, Steps steps) {
        this(inner, steps, inner);
    }

    /** @param death closed instead of {@code inner} when the process has died: what the system does for it then */
    public SteppedCheckpoint(Checkpoint inner, Steps steps, Closeable death) {
        this.inner = inner;
        this.steps = steps;
        this.death = death;
    }

    @Override
    public List<CheckpointDisk> disks() {
        return inner.disks().stream()
                .map(disk -> new CheckpointDisk(
                        disk.name(), disk.named(), new SteppedImage(disk.image()), new SteppedTracker(disk.tracker())))
                .toList();
    }

    @Override
    public String consistency() {
        return inner.consistency();
    }

    @Override
    public Optional<UUID> machine() {
        return inner.machine();
    }

    @Override
    public List<CheckpointFile> files() {
        return inner.files();
    }

    @Override
    public void finishReading() throws IOException {
        steps.step();
        inner.finishReading();
    }

    @Override
    public Optional<String> sourceState() {
        return inner.sourceState();
    }

    @Override
    public void commit(String snapshotId) throws IOException {
        steps.step();
        inner.commit(snapshotId);
    }

    @Override
    public void close() throws IOException {
        try {
            steps.step();
        } finally {
            (steps.isDead() ? death : inner).close();
        }
    }

    private final class SteppedTracker implements ChangeTracker {
        private final ChangeTracker tracker;

        SteppedTracker(ChangeTracker tracker) {
            this.tracker = tracker;
        }

        @Override
        public Changes changesSince(String token) throws IOException {
            steps.step();
            return tracker.changesSince(token);
        }

        @Override
        public Optional<String> token() {
            return tracker.token();
        }

        @Override
        public Optional<String> baseToken() {
            return tracker.baseToken();
        }

        @Override
        public boolean readsUnchanged() {
            return tracker.readsUnchanged();
        }

        @Override
        public boolean tokensNameContent() {
            return tracker.tokensNameContent();
        }
    }

    private final class SteppedImage extends ForwardingImage {
        private final DiskImage image;

        SteppedImage(DiskImage image) {
            super(image);
            this.image = image;
        }

        @Override
        public void read(long offset, ByteBuffer target) throws IOException {
            steps.step();
            image.read(offset, target);
        }

        @Override
        public RangeSet allocated(Range window) throws IOException {
            steps.step();
            return image.allocated(window);
        }

        @Override
        public void checkUnchanged() throws IOException {
            steps.step();
            image.checkUnchanged();
        }

        @Override
        public List<Disturbance> disturbances() throws IOException {
            steps.step();
            return image.disturbances();
        }

        @Override
        public void close() throws IOException {
            image.close();
        }
    }
}
