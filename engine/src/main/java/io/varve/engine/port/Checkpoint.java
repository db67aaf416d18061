package io.varve.engine.port;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The frozen source of one machine that a backup reads: a Hyper-V recovery checkpoint, a VSS shadow copy, or files that
 * nobody writes to.
 *
 * <p>The caller of {@code take} closes the checkpoint. {@code close} always cleans up and never advances the reference
 * point; only {@code commit} does.
 *
 * <p>Threading: one thread at a time for the checkpoint itself. Several disks are read at the same time; trackers are
 * called one at a time, while other disks are being read.
 */
public interface Checkpoint extends Closeable {
    /** Longest {@link #sourceState()}, in UTF-16 units. */
    int MAX_STATE_LENGTH = 65_536;

    /** The disks, each with its tracker. Owned by the checkpoint: closing it closes them. */
    List<CheckpointDisk> disks();

    /**
     * {@code application}, {@code crash} or {@code offline}: the consistency as long as the disks stay frozen. The
     * answer that counts is asked for after {@link #finishReading}. A disk with a {@link Disturbance} makes the
     * snapshot {@code fuzzy} regardless.
     */
    String consistency();

    /** The GUID that the hypervisor gives the machine; empty where the source knows none. */
    default Optional<UUID> machine() {
        return Optional.empty();
    }

    /** Configuration files of the machine, to be stored with its disks. Usable until the checkpoint is closed. */
    default List<CheckpointFile> files() {
        return List.of();
    }

    /**
     * State that the source needs on later nights, such as the ids of its reference points; {@link Previous} returns
     * it. Asked for after {@link #finishReading}. Stored with the snapshot, verbatim and unencrypted. At most
     * {@value #MAX_STATE_LENGTH} characters. Empty where the source keeps none.
     */
    default Optional<String> sourceState() {
        return Optional.empty();
    }

    /**
     * Called once after everything was read and stored, and before the snapshot is published; not called if the backup
     * fails earlier. Where the hypervisor names the frozen state only when it is given up, such as Hyper-V's conversion
     * to a reference point, this is the place: {@link #sourceState()} and the trackers' tokens are asked for after it,
     * and nothing is read from the disks any more. The previous reference point must stay usable, since the snapshot
     * may still fail.
     *
     * @throws IOException when the backup must not be committed; if only the next change list is lost, give no token
     *     instead
     */
    default void finishReading() throws IOException {
        // Most sources name the frozen state when they freeze it.
    }

    /**
     * Advances the source's reference point to this checkpoint. Called at most once, and only after the snapshot is
     * durable: a base that is too old makes the change list larger, one that is too new makes it wrong. Not called if
     * the process dies in between, or if it is unknown whether the snapshot was committed; then the next
     * {@link CheckpointSource#take} learns it from {@link Previous}.
     *
     * @param snapshotId the snapshot's id, for names and descriptions at the source
     */
    void commit(String snapshotId) throws IOException;

    /** Cleans up, whether or not it was committed. Always called, once. */
    @Override
    void close() throws IOException;
}
