package io.varve.engine.port;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

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
    /** The disks, each with its tracker. Owned by the checkpoint: closing it closes them. */
    List<CheckpointDisk> disks();

    /**
     * {@code application}, {@code crash} or {@code offline}: what holds as long as the disks stay frozen. A disk with a
     * {@link Disturbance} makes the snapshot {@code fuzzy}, whatever this says.
     */
    String consistency();

    /**
     * Advances the source's reference point to this checkpoint. Called once, after the snapshot is durable, never
     * before: a base that is too old makes a larger diff, one that is too new a wrong diff.
     */
    void commit() throws IOException;
}
