package io.varve.engine.port;

import java.io.IOException;

/**
 * Takes checkpoints of one machine. A source's life, night after night: {@code take} → the disks and files are read →
 * the snapshot is committed, with the checkpoint's {@linkplain Checkpoint#sourceState() state} in it →
 * {@link Checkpoint#commit} → {@link Checkpoint#close}.
 *
 * <p>The process may die between any two steps, and what it had made at the source stays there. So {@code take} first
 * finds what an earlier one left and deals with it, before it makes anything new:
 *
 * <ul>
 *   <li>The source marks whatever it makes so that it knows it again, and puts that mark into the checkpoint's state.
 *       It touches nothing that does not bear a mark of its own for this machine: other products have checkpoints and
 *       reference points there too.
 *   <li>What was left and is in the state of a snapshot in {@code previous} belongs to a committed backup: the source
 *       finishes what {@code commit} did not come to (the reference point stays or is made), and removes the rest.
 *   <li>What was left and is in no state belongs to a backup that was never committed, and is removed. A reference
 *       point of it must never be the base of a change list: what changed before it is in no snapshot.
 *   <li>Only the reference point of the newest snapshot is needed; how many older ones are kept is the source's affair.
 * </ul>
 *
 * <p>When {@code take} itself fails, it removes what it made, as far as it can; the rest is the next one's to find.
 *
 * <p>Threading: one {@code take} at a time for one machine, from any thread.
 */
@FunctionalInterface
public interface CheckpointSource {
    /**
     * Freezes the machine's disks.
     *
     * @param previous what the machine's committed snapshots say of its disks and of the source
     * @return owned by the caller, who closes it
     * @throws IOException when no checkpoint can be taken; nothing was committed
     */
    Checkpoint take(Previous previous) throws IOException;
}
