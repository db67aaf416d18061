package io.varve.adapters.hyperv;

import io.varve.adapters.hyperv.HostCollections.Group;
import io.varve.adapters.hyperv.HostCollections.Together;
import io.varve.adapters.hyperv.cim.CimPath;
import io.varve.engine.Cancellation;
import io.varve.store.fault.Count;
import io.varve.store.fault.Reason;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A night of machines that share disks: each is backed up by a thread of its own, and they wait for each other before
 * they are frozen, before their checkpoints become reference points, and before the checkpoints are removed. If one
 * fails before the second of these, none is committed.
 */
public final class MachineGroup {
    /** How the message of a failure ends that has its cause in another machine. */
    public static final String TOGETHER = "they are backed up together or not at all";

    private static final int ATTEMPTS = 3;
    private static final long WAIT_MILLIS = 200;

    private final HyperV host;
    private final HostCollections collections;
    private final Named named;
    private final List<UUID> machines;
    private final HyperVSource.Choices choices;
    private final HyperVWords words;
    private final Cancellation cancellation;

    private final Set<UUID> left = new HashSet<>(); // guarded by this, as all that follows
    private final Set<UUID> arrived = new HashSet<>();
    private Optional<IOException> failure = Optional.empty();
    private int phase;
    private boolean isNew;
    private Optional<Together> together = Optional.empty();
    private boolean isConsistent;
    private Map<UUID, ReferencePoint> points = Map.of();
    private boolean isRemoved;
    private Optional<IOException> notRemoved = Optional.empty();

    /**
     * Which machines.
     *
     * @param repository id of the one that they are backed up into: each has groups of its own
     * @param name what the host calls the group, if it has to be made
     * @param machines of one host, at least two
     */
    public record Named(UUID repository, String name, List<UUID> machines) {
        public Named {
            machines = List.copyOf(machines);
        }
    }

    /** Why a machine's backup ends although nothing is wrong with the machine. */
    static final class GroupFailedException extends IOException {
        private static final long serialVersionUID = 1L;

        private GroupFailedException(String message) {
            super(message);
        }
    }

    /** @param host stays the caller's, and is used by no member */
    public MachineGroup(
            HyperV host, Named named, HyperVSource.Choices choices, HyperVWords words, Cancellation cancellation) {
        this.host = host;
        this.collections = new HostCollections(host);
        this.named = named;
        this.machines = named.machines();
        this.choices = choices;
        this.words = words;
        this.cancellation = cancellation;
    }

    /** One machine's part. {@link #leave} is called when its backup has ended, however it did. */
    public Member member(UUID machine) {
        return new Member(machine);
    }

    /** What all members wait for. */
    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    /** The part of one machine. */
    public final class Member {
        private final UUID machine;

        private Member(UUID machine) {
            this.machine = machine;
        }

        /** Freezes all machines when all members have come here. */
        Freezing.Frozen freeze() throws IOException {
            await(machine, 0, MachineGroup.this::freezeAll);
            synchronized (MachineGroup.this) {
                HostCheckpoint checkpoint = together.orElseThrow().checkpoints().get(machine);
                return new Freezing.Frozen(checkpoint, isConsistent);
            }
        }

        /** Makes reference points when all members have read their disks. */
        ReferencePoint convert() throws IOException {
            await(machine, 1, MachineGroup.this::convertAll);
            synchronized (MachineGroup.this) {
                return Optional.ofNullable(points.get(machine))
                        .orElseThrow(() -> new HyperVException(
                                0, host.host() + ": the group's reference points have none of machine " + machine));
            }
        }

        /** Removes the checkpoints once no member reads them any more. */
        void release() throws IOException {
            MachineGroup.this.release(machine);
        }

        /** The machine's backup has ended. Called once, from its thread. */
        public void leave() {
            MachineGroup.this.leave(machine);
        }
    }

    /** All members come to a phase: the last of them does its work, the others wait. */
    private synchronized void await(UUID machine, int wanted, Step work) throws IOException {
        arrived.add(machine);
        while (phase == wanted && failure.isEmpty() && !arrived.containsAll(machines)) {
            if (!left.isEmpty()) {
                fail(new GroupFailedException("a machine that shares disks with it failed, and " + TOGETHER));
                break;
            }
            try {
                wait(WAIT_MILLIS);
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
            if (phase == wanted) { // else the work is done for all: stopping now would commit some without the others
                cancellation.check();
            }
        }
        if (failure.isPresent()) {
            throw same(failure.get());
        }
        if (phase > wanted) {
            return; // another one did the work
        }
        try {
            work.run();
        } catch (IOException | RuntimeException e) {
            fail(e instanceof IOException io ? io : new IOException(e.toString(), e));
            throw e;
        }
        arrived.clear();
        phase++;
        notifyAll();
    }

    /** Each member's own exception. */
    private static IOException same(IOException failure) {
        if (failure instanceof HyperVException refused) {
            return new HyperVException(refused.code(), refused.getMessage());
        }
        return failure instanceof GroupFailedException
                ? new GroupFailedException(failure.getMessage())
                : new IOException(Reason.of(failure), failure);
    }

    private static IOException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return (IOException) new InterruptedIOException("interrupted while waiting for the group").initCause(e);
    }

    private synchronized void fail(IOException e) {
        if (failure.isEmpty()) {
            failure = Optional.of(e);
        }
        notifyAll();
    }

    private synchronized void leave(UUID machine) {
        left.add(machine);
        notifyAll();
    }

    private void freezeAll() throws IOException {
        try {
            Group ready = ready();
            words.steps().accept("taking a checkpoint of the group");
            together = Optional.of(take(ready));
            for (UUID machine : machines) {
                if (!together.get().checkpoints().containsKey(machine)) {
                    throw new IOException(
                            "host " + host.host() + ": the group's checkpoint has none of machine " + machine);
                }
            }
        } catch (IOException | RuntimeException e) {
            try {
                remove();
            } catch (IOException removing) {
                e.addSuppressed(removing);
            }
            throw e;
        }
    }

    /**
     * The repository's group of these machines, without checkpoints. One that it created for other machines is removed.
     */
    private Group ready() throws IOException {
        UUID id = HostCollections.idOf(named.repository(), machines);
        for (UUID machine : machines) {
            for (Group other : collections.of(machine)) {
                if (!other.id().equals(id) && other.isOf(named.repository(), collections.members(other))) {
                    words.steps().accept("removing an outdated group of Varve's, " + other.id());
                    removeCheckpoints(other);
                    collections.destroy(other);
                }
            }
        }
        Optional<Group> known = collections.find(id);
        if (known.isPresent()) {
            removeCheckpoints(known.get());
            if (Set.copyOf(collections.members(known.get())).equals(Set.copyOf(machines))) {
                return known.get();
            }
            collections.destroy(known.get()); // a crash came before all machines were in it
        }
        words.steps().accept("creating a group of " + Count.of(machines.size(), "machine") + " at the host");
        isNew = true;
        return collections.define(id, named.name(), machines);
    }

    /** What an interrupted night left: nobody else uses the group. */
    private void removeCheckpoints(Group group) throws IOException {
        for (CimPath left : collections.checkpoints(group)) {
            words.steps().accept("removing the group's checkpoints of an interrupted backup");
            collections.destroyCheckpoints(left);
        }
    }

    private Together take(Group ready) throws IOException {
        isConsistent = choices.consistency() != Consistency.CRASH;
        if (!isConsistent) {
            return collections.takeCheckpoints(ready, false);
        }
        try {
            return collections.takeCheckpoints(ready, true);
        } catch (HyperVException e) {
            if (choices.consistency() == Consistency.REQUIRE || Freezing.isNotTheGuests(e)) {
                throw e;
            }
            words.warnings()
                    .accept(
                            "crash-consistent",
                            "the guests of the group could not be frozen consistently, so the snapshots are"
                                    + " crash-consistent: " + e.getMessage());
            isConsistent = false;
            return collections.takeCheckpoints(ready, false);
        }
    }

    private void convertAll() throws IOException {
        words.steps().accept("converting the group's checkpoints to reference points");
        for (int attempt = 1; ; attempt++) {
            try {
                points = collections.convert(together.orElseThrow().path());
                return;
            } catch (HyperVException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
                host.pause(choices.retryPause());
            }
        }
    }

    /** @throws IOException when they are left at the host */
    private synchronized void release(UUID machine) throws IOException {
        left.add(machine);
        notifyAll();
        while (!left.containsAll(machines)) {
            try {
                wait(WAIT_MILLIS);
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
        if (!isRemoved) {
            isRemoved = true;
            try {
                remove();
            } catch (IOException e) {
                notRemoved = Optional.of(e);
            }
        }
        if (notRemoved.isPresent()) {
            throw same(notRemoved.get());
        }
    }

    /** The checkpoints, and the group if it was created tonight: a group that failed leaves nothing. */
    private void remove() throws IOException {
        Optional<Group> own = collections.find(HostCollections.idOf(named.repository(), machines));
        if (own.isEmpty()) {
            return;
        }
        words.steps().accept("removing the group's checkpoints");
        for (CimPath left : collections.checkpoints(own.get())) { // also if their names never arrived
            collections.destroyCheckpoints(left);
        }
        if (isNew) {
            collections.destroy(own.get());
        }
    }
}
