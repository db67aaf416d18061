package io.varve.adapters.hyperv;

import io.varve.engine.Cancellation;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Takes the recovery checkpoint, as consistent as the operator requires and the guest allows. */
final class Freezing {
    private static final int ATTEMPTS = 3;

    /** The machine is between two states; the services have a number each for it. */
    private static final Set<Long> PASSING = Set.of(5L, 32775L);

    /**
     * Failures that a checkpoint without the guest's help would meet as well: permission denied, in use, no space, a
     * log-on right that is missing, a checkpoint that could not be completed.
     */
    private static final Set<Long> NOT_THE_GUESTS =
            Set.of(32769L, 32774L, 0x80070005L, 0x80070070L, 0x8007052FL, 0x80070569L, 0x80048102L, 0x800703EEL);

    private final HyperV host;
    private final UUID machine;
    private final HyperVSource.Choices choices;
    private final Journal journal;
    private final HyperVWords words;
    private final Cancellation cancellation;

    Freezing(
            HyperV host,
            UUID machine,
            HyperVSource.Choices choices,
            Journal journal,
            HyperVWords words,
            Cancellation cancellation) {
        this.host = host;
        this.machine = machine;
        this.choices = choices;
        this.journal = journal;
        this.words = words;
        this.cancellation = cancellation;
    }

    /** @param isApplicationConsistent as it was asked for */
    record Frozen(HostCheckpoint checkpoint, boolean isApplicationConsistent) {}

    /** Whether a failure has other reasons than that the guest could not freeze its applications. */
    static boolean isNotTheGuests(HyperVException e) {
        return NOT_THE_GUESTS.contains(e.code());
    }

    /** Freezes the machine; if that fails, whatever is known to be left is removed from the host. */
    Frozen freeze() throws IOException {
        words.steps().accept("taking a checkpoint");
        try {
            if (choices.group().isPresent()) {
                Frozen frozen = choices.group().get().freeze();
                learn(frozen.checkpoint());
                return frozen;
            }
            return inTurn();
        } catch (IOException | RuntimeException e) {
            try {
                discard();
                if (e instanceof HyperVException && recoveryCheckpoints() == 0) {
                    journal.clear();
                }
            } catch (IOException discarding) {
                e.addSuppressed(discarding);
            }
            if (e instanceof HyperVException refused && !choices.sets().isEmpty()) {
                HyperVException advised = new HyperVException(
                        refused.code(),
                        e.getMessage()
                                + ". The machine has VHD sets, which may be why the host refused the checkpoint:"
                                + " --read rsvd (read: rsvd in a job file) backs up the sets without one; the"
                                + " other disks must then be backed up in another way");
                advised.addSuppressed(e);
                throw advised;
            }
            throw e;
        }
    }

    /** Recovery checkpoints that appeared since the journal was written. */
    private long recoveryCheckpoints() throws IOException {
        Journal.Entry entry = journal.read().orElseThrow();
        return host.checkpoints(machine).stream()
                .filter(HostCheckpoint::isRecovery)
                .filter(checkpoint -> !entry.checkpointsBefore().contains(checkpoint.id()))
                .count();
    }

    private Frozen inTurn() throws IOException {
        if (choices.consistency() == Consistency.CRASH) {
            return new Frozen(take(false), false);
        }
        try {
            return new Frozen(take(true), true);
        } catch (HyperVException e) {
            if (isNotTheGuests(e)) {
                throw e;
            }
            if (choices.consistency() == Consistency.REQUIRE) {
                throw new HyperVException(
                        e.code(),
                        e.getMessage() + ". The guest could not be frozen consistently; with consistency 'prefer'"
                                + " it is backed up crash-consistent");
            }
            words.warnings()
                    .accept(
                            "crash-consistent",
                            "the guest could not be frozen consistently, so the snapshot is crash-consistent: "
                                    + e.getMessage());
            discard();
            return new Frozen(take(false), false);
        }
    }

    /** Asks again only where the machine is between two states. */
    private HostCheckpoint take(boolean isConsistent) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return host.takeCheckpoint(machine, isConsistent, this::learn);
            } catch (HyperVException e) {
                if (!PASSING.contains(e.code()) || attempt == ATTEMPTS) {
                    throw e;
                }
                discard();
                host.pause(choices.retryPause());
                cancellation.check();
            }
        }
    }

    private void learn(HostCheckpoint checkpoint) throws IOException {
        Journal.Entry entry = journal.read().orElseThrow();
        boolean isNew = !entry.checkpointsBefore().contains(checkpoint.id());
        if (isNew && !entry.checkpoint().equals(Optional.of(checkpoint.id()))) {
            journal.write(entry.withCheckpoint(checkpoint.id()));
        }
    }

    /** Removes the checkpoint of an attempt that failed, if the host kept it. */
    private void discard() throws IOException {
        Journal.Entry entry = journal.read().orElseThrow();
        if (entry.checkpoint().isEmpty()) {
            return;
        }
        for (HostCheckpoint checkpoint : host.checkpoints(machine)) {
            if (checkpoint.isRecovery()
                    && checkpoint.id().equals(entry.checkpoint().get())) {
                host.destroy(checkpoint);
            }
        }
        journal.write(new Journal.Entry(
                entry.host(), entry.checkpointsBefore(), Optional.empty(), Optional.empty(), Optional.empty()));
    }
}
