package io.varve.engine.port;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The frozen source of one machine that a backup reads: a Hyper-V recovery checkpoint, a VSS shadow copy, files nobody
 * writes.
 *
 * <p>Whoever took the checkpoint closes it. {@code close} always cleans up and never advances anything; only
 * {@code commit} does.
 *
 * <p>Threading: one thread at a time, but the disks are used at the same time; trackers of different disks are asked
 * one after the other, while other disks are being read.
 */
public interface Checkpoint extends Closeable {
    /** Longest {@link #sourceState()}, in UTF-16 units. */
    int MAX_STATE_LENGTH = 65_536;

    /** The disks, each with its tracker. Owned by the checkpoint: closing it closes them. */
    List<CheckpointDisk> disks();

    /**
     * {@code application}, {@code crash} or {@code offline}: what holds as long as the disks stay frozen. A disk with a
     * {@link Disturbance} makes the snapshot {@code fuzzy}, whatever this says.
     */
    String consistency();

    /** The hypervisor's identity of the machine; empty where the source knows none. */
    default Optional<UUID> machine() {
        return Optional.empty();
    }

    /** Configuration files of the machine, to be stored with its disks. Usable until the checkpoint is closed. */
    default List<CheckpointFile> files() {
        return List.of();
    }

    /**
     * What the source has to find in {@link Previous} on later nights, such as the ids of its reference points; stored
     * with the snapshot, verbatim and in the clear. At most {@value #MAX_STATE_LENGTH} characters. Empty where the
     * source keeps nothing.
     */
    default Optional<String> sourceState() {
        return Optional.empty();
    }

    /**
     * Advances the source's reference point to this checkpoint. Called at most once, after the snapshot is durable,
     * never before: a base that is too old makes a larger diff, one that is too new a wrong diff. It is not called when
     * the process dies in between, nor when it is unknown whether the snapshot was committed: then {@link Previous}
     * tells the next {@link CheckpointSource#take}.
     *
     * @param snapshotId the snapshot's id, for names and descriptions at the source
     */
    void commit(String snapshotId) throws IOException;

    /** Cleans up, whether or not it was committed. Called once, whatever happened. */
    @Override
    void close() throws IOException;
}
