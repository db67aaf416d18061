package io.varve.engine.port;

import java.io.IOException;

/**
 * Takes checkpoints of one machine. A source's life, night after night: {@code take} → the disks and files are read →
 * the snapshot is committed, with the checkpoint's {@linkplain Checkpoint#sourceState() state} in it →
 * {@link Checkpoint#commit} → {@link Checkpoint#close}.
 *
 * <p>The process may die between any two steps and leave checkpoints or reference points at the source. So {@code take}
 * first cleans up after earlier ones, before it creates anything:
 *
 * <ul>
 *   <li>The source marks everything it creates and puts the mark into the checkpoint's state. It touches only objects
 *       with its own mark for this machine: other products have checkpoints and reference points there too.
 *   <li>A leftover that is in the state of a snapshot in {@code previous} belongs to a committed backup: the source
 *       completes the missing {@code commit} (the reference point is kept or created) and removes the rest.
 *   <li>A leftover that is in no state belongs to a backup that was never committed, and is removed. Its reference
 *       point must never be the base of a change list: changes before it are in no snapshot.
 *   <li>Only the reference point of the newest snapshot is needed; the source decides how many older ones it keeps.
 * </ul>
 *
 * <p>If {@code take} itself fails, it removes what it created, as far as possible; the next call removes the rest.
 *
 * <p>Threading: one {@code take} at a time for one machine, from any thread.
 */
@FunctionalInterface
public interface CheckpointSource {
    /**
     * Freezes the machine's disks.
     *
     * @param previous what the machine's committed snapshots recorded about its disks and the source
     * @return owned by the caller, who closes it
     * @throws IOException when no checkpoint can be taken; nothing was committed
     */
    Checkpoint take(Previous previous) throws IOException;
}
