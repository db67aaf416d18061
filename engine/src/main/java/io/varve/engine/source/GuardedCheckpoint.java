package io.varve.engine.source;

import io.varve.engine.port.Checkpoint;
import io.varve.engine.port.CheckpointDisk;
import io.varve.engine.port.CheckpointFile;
import io.varve.engine.port.CheckpointSource;
import io.varve.engine.port.Previous;
import io.varve.engine.port.SourceException;
import io.varve.store.snapshot.NameRule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Wraps a checkpoint and its disks so that every failure is a {@link SourceException}. Its parts are queried once, when
 * it is taken; its state, its consistency and the tokens again once everything was read. Threading as
 * {@link Checkpoint}.
 */
public final class GuardedCheckpoint implements Checkpoint {
    private final Checkpoint checkpoint;
    private final List<CheckpointDisk> disks;
    private final List<GuardedTracker> trackers = new ArrayList<>();
    private String consistency;
    private final Optional<UUID> machine;
    private final List<CheckpointFile> files;
    private Optional<String> sourceState = Optional.empty();

    private GuardedCheckpoint(Checkpoint checkpoint) throws SourceException {
        this.checkpoint = checkpoint;
        List<CheckpointDisk> guarded = new ArrayList<>();
        for (CheckpointDisk disk : SourceCall.require("disks", checkpoint::disks)) {
            GuardedTracker tracker = new GuardedTracker(disk.tracker());
            trackers.add(tracker);
            guarded.add(new CheckpointDisk(disk.name(), disk.named(), new GuardedImage(disk.image()), tracker));
        }
        this.disks = List.copyOf(guarded);
        this.consistency = SourceCall.require("consistency", checkpoint::consistency);
        this.machine = SourceCall.require("machine", checkpoint::machine);
        this.files = List.copyOf(SourceCall.require("configuration files", checkpoint::files));
        checkNames();
    }

    private void checkNames() throws SourceException {
        Set<String> names = new HashSet<>();
        for (CheckpointFile file : files) {
            String name = SourceCall.require("configuration file", file::name);
            Optional<String> fault = NameRule.fault(name);
            if (fault.isPresent()) {
                throw new SourceException("the name of a configuration file, '" + name + "', " + fault.get());
            }
            if (!names.add(name)) {
                throw new SourceException("expected one configuration file called '" + name + "', found two");
            }
        }
    }

    /**
     * Takes a checkpoint.
     *
     * @throws SourceException if it cannot be taken, or is invalid; it is closed then
     */
    public static GuardedCheckpoint take(CheckpointSource source, Previous previous) throws SourceException {
        Checkpoint checkpoint = SourceCall.get("", () -> source.take(previous));
        if (checkpoint == null) {
            throw new SourceException("expected a checkpoint, found none");
        }
        try {
            return new GuardedCheckpoint(checkpoint);
        } catch (Exception | Error e) {
            try {
                checkpoint.close();
            } catch (Exception | Error closing) {
                e.addSuppressed(closing);
            }
            throw e instanceof SourceException failure ? failure : new SourceException(SourceCall.reason(e), e);
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
    public Optional<UUID> machine() {
        return machine;
    }

    @Override
    public List<CheckpointFile> files() {
        return files;
    }

    @Override
    public void finishReading() throws SourceException {
        SourceCall.run("", checkpoint::finishReading);
        Optional<String> state = SourceCall.require("state of the source", checkpoint::sourceState);
        if (state.isPresent() && state.get().length() > MAX_STATE_LENGTH) {
            throw new SourceException("state of the source: expected at most " + MAX_STATE_LENGTH
                    + " characters, found " + state.get().length());
        }
        sourceState = state;
        consistency = SourceCall.require("consistency", checkpoint::consistency);
        trackers.forEach(GuardedTracker::finishReading);
    }

    /** Empty until {@link #finishReading} was called. */
    @Override
    public Optional<String> sourceState() {
        return sourceState;
    }

    @Override
    public void commit(String snapshotId) throws SourceException {
        SourceCall.run("", () -> checkpoint.commit(snapshotId));
    }

    @Override
    public void close() throws SourceException {
        SourceCall.run("", checkpoint::close);
    }
}
