package io.varve.adapters.rsvd;

import io.varve.adapters.rsvd.wire.DiskInfo;
import io.varve.adapters.smb.SmbPath;
import io.varve.adapters.smb.SmbServer;
import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.Checkpoint;
import io.varve.engine.port.CheckpointDisk;
import io.varve.engine.port.CheckpointSource;
import io.varve.engine.port.Previous;
import io.varve.store.fault.Reason;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Shared disks of a guest cluster, frozen by a snapshot of each VHD set. A snapshot of one disk is as after a power cut
 * (crash-consistent), and several disks are not of one moment: that needs the cluster's Hyper-V host.
 *
 * <p>Only snapshots whose ids are in the journal or in Varve's own snapshots are ever deleted.
 */
public final class SharedDiskSource implements CheckpointSource {
    private final List<Disk> disks;
    private final Options options;
    private final SnapshotJournal journal;
    private final Consumer<String> notices;
    private final Optional<Consumer<String>> leaving;

    /**
     * A disk to back up.
     *
     * @param named whether an operator gave the name
     */
    record Disk(String name, boolean named, String location, DiskOpen.Opener opener) {}

    /**
     * @param allowLive whether a disk that has no snapshots (a shared VHDX) may be read while it is written to
     * @param snapshotLimit how long a snapshot may take
     * @param client what the server's records call this computer
     */
    public record Options(boolean allowLive, Duration snapshotLimit, String client) {}

    SharedDiskSource(List<Disk> disks, Options options, SnapshotJournal journal, Consumer<String> notices) {
        this(disks, options, journal, notices, Optional.empty());
    }

    private SharedDiskSource(
            List<Disk> disks,
            Options options,
            SnapshotJournal journal,
            Consumer<String> notices,
            Optional<Consumer<String>> leaving) {
        this.leaving = leaving;
        this.disks = List.copyOf(disks);
        this.options = options;
        this.journal = journal;
        this.notices = notices;
    }

    /**
     * A disk on a share.
     *
     * @param server stays the caller's
     */
    public record OnShare(String name, boolean named, SmbServer server, SmbPath path) {}

    /** @param notices receives what the operator should know */
    public static SharedDiskSource of(
            List<OnShare> disks, Options options, SnapshotJournal journal, Consumer<String> notices) {
        List<Disk> all = disks.stream()
                .map(disk -> new Disk(
                        disk.name(), disk.named(), disk.path().toString(), new ShareOpener(disk.server(), disk.path())))
                .toList();
        return new SharedDiskSource(all, options, journal, notices);
    }

    /**
     * The same, but a disk that cannot be frozen is left out, unless none can be.
     *
     * @param warnings told which, and why
     */
    public SharedDiskSource leavingOut(Consumer<String> warnings) {
        return new SharedDiskSource(disks, options, journal, notices, Optional.of(warnings));
    }

    @Override
    public Checkpoint take(Previous previous) throws IOException {
        Closeable claim = journal.claim();
        List<TakenDisk> taken = new ArrayList<>();
        try {
            Set<UUID> unfinished = new LinkedHashSet<>(journal.read());
            Map<Disk, IOException> failures = new LinkedHashMap<>();
            for (Disk disk : disks) {
                try {
                    taken.add(take(disk, previous, unfinished));
                } catch (InterruptedIOException e) {
                    throw e;
                } catch (IOException e) {
                    if (leaving.isEmpty()) {
                        throw e;
                    }
                    failures.put(disk, e);
                }
            }
            if (taken.isEmpty() && !failures.isEmpty()) {
                throw failures.values().iterator().next();
            }
            failures.forEach((disk, e) -> leaving.orElseThrow()
                    .accept("shared disk " + disk.location() + " is not in the snapshot: " + Reason.of(e)));
            return new SharedDiskCheckpoint(taken, failures.isEmpty(), journal, claim, notices);
        } catch (IOException | RuntimeException | Error e) {
            try (claim) {
                for (TakenDisk disk : taken) {
                    disk.giveUp(journal, notices);
                }
            } catch (IOException | RuntimeException | Error closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    private TakenDisk take(Disk disk, Previous previous, Set<UUID> unfinished) throws IOException {
        SharedDisk opened = SharedDisk.open(disk.location(), disk.opener(), options.client());
        try {
            DiskInfo.Facts facts = opened.facts();
            if (!facts.isSet() || !opened.support().hasSnapshots()) {
                return live(disk, opened, facts);
            }
            List<UUID> listed = opened.snapshots();
            removeLeftovers(opened, facts.diskId(), listed, previous, unfinished);
            return frozen(disk, opened, facts, listed, previous);
        } catch (IOException | RuntimeException e) {
            try {
                opened.close();
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    private TakenDisk live(Disk disk, SharedDisk opened, DiskInfo.Facts facts) throws IOException {
        if (!options.allowLive()) {
            throw new IOException(disk.location() + ": has no snapshots, because it is "
                    + (facts.isSet() ? "on a server that takes none" : "a shared VHDX, not a VHD set")
                    + ". Convert it to a VHD set (Convert-VHD), or read it live with --allow-live: the snapshot may"
                    + " then mix content of different moments");
        }
        SharedImage image = SharedImage.live(opened, opened.initial(), facts.diskId());
        CheckpointDisk checkpointed = new CheckpointDisk(disk.name(), disk.named(), image, ChangeTracker.none());
        return new TakenDisk(opened, checkpointed, facts.diskId(), Optional.empty());
    }

    private TakenDisk frozen(Disk disk, SharedDisk opened, DiskInfo.Facts facts, List<UUID> listed, Previous previous)
            throws IOException {
        Optional<SetState.Line> before = previous.newest()
                .flatMap(Previous.Night::sourceState)
                .flatMap(SetState::decode)
                .flatMap(state -> state.of(facts.diskId()));
        UUID snapshot = UUID.randomUUID();
        List<UUID> pending = new ArrayList<>(journal.read());
        pending.add(snapshot);
        journal.write(pending);
        try {
            opened.takeSnapshot(snapshot, options.snapshotLimit());
            DiskInfo.Initial initial = opened.initial();
            boolean mayBeReference = before.map(line -> line.references() != SetState.References.FAIL)
                    .orElse(false);
            SnapshotTracker tracker = new SnapshotTracker(opened, initial.size(), snapshot, listed, mayBeReference);
            SharedImage image = SharedImage.at(opened, snapshot, initial, facts.diskId());
            boolean wasListed =
                    before.map(line -> listed.contains(line.snapshot())).orElse(true);
            SetState.References known = before.map(SetState.Line::references).orElse(SetState.References.UNTRIED);
            return new TakenDisk(
                    opened,
                    new CheckpointDisk(disk.name(), disk.named(), image, tracker),
                    facts.diskId(),
                    Optional.of(new TakenDisk.Frozen(
                            snapshot, tracker, before.map(SetState.Line::snapshot), wasListed, known)));
        } catch (IOException | RuntimeException e) {
            Leftovers.remove(opened, snapshot, journal, notices);
            throw e;
        }
    }

    /** Deletes the snapshots that earlier backups left at the server, except the base of tonight's change list. */
    private void removeLeftovers(
            SharedDisk opened, UUID disk, List<UUID> listed, Previous previous, Set<UUID> unfinished)
            throws IOException {
        Set<UUID> own = new LinkedHashSet<>(unfinished);
        for (Previous.Night night : previous.nights()) {
            snapshotOf(night, disk).ifPresent(own::add);
        }
        Optional<UUID> base = previous.newest().flatMap(night -> snapshotOf(night, disk));
        base.ifPresent(own::remove);
        for (UUID id : own) {
            if (listed.contains(id)) {
                opened.deleteSnapshot(id, false);
            }
        }
        // What is not in this disk's list may be another disk's, which comes later, or was never taken.
    }

    private static Optional<UUID> snapshotOf(Previous.Night night, UUID disk) {
        return night.sourceState()
                .flatMap(SetState::decode)
                .flatMap(state -> state.of(disk))
                .map(SetState.Line::snapshot);
    }
}
