package io.varve.adapters.hyperv;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Guards a machine whose disks are rolled back: it must be off and stay off, and its disks must be those of the
 * snapshot, without checkpoints.
 */
public final class MachineRollback implements Closeable {
    private static final long OFF = 3;
    private static final long SAVED = 32769;

    private final HyperV host;
    private final UUID machine;
    private final Journal journal;
    private final HyperVWords words;
    private final Closeable claim;

    /** @throws IOException when a backup of the machine runs on this computer */
    public MachineRollback(HyperV host, UUID machine, Journal journal, HyperVWords words) throws IOException {
        this.host = host;
        this.machine = machine;
        this.journal = journal;
        this.words = words;
        this.claim = journal.claim();
    }

    /**
     * A disk of a snapshot.
     *
     * @param id its GUID
     * @param name in the snapshot
     */
    public record Wanted(UUID id, String name, long size) {}

    /**
     * A disk of the machine that may be overwritten.
     *
     * @param file path on the host
     * @param here the same file on this computer
     */
    public record Target(Wanted disk, String file, Path here) {}

    /** Why a rollback is refused. Nothing was changed. */
    public static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;

        private RefusedException(String message) {
            super(message);
        }
    }

    /**
     * The files that the disks of a snapshot are in now.
     *
     * @param paths where this computer finds the host's files
     * @throws RefusedException when they cannot be overwritten safely
     */
    public List<Target> targets(List<Wanted> wanted, HostPaths paths) throws IOException {
        checkOff();
        List<HostCheckpoint> checkpoints = host.checkpoints(machine);
        if (!checkpoints.isEmpty()) {
            throw new RefusedException("machine " + machine + " has checkpoints ("
                    + checkpoints.get(0).name() + "), whose files would no longer match their disks: delete the"
                    + " checkpoints, wait until the host has merged their files, then run this again");
        }
        List<Target> targets = new ArrayList<>();
        Set<UUID> found = new HashSet<>();
        for (CheckpointedDisk live : host.liveDisks(machine)) {
            DiskSettings settings = host.settings(live.file());
            Optional<Wanted> disk = wanted.stream()
                    .filter(each -> settings.id().equals(Optional.of(each.id())))
                    .findFirst();
            if (disk.isEmpty()) {
                continue;
            }
            if (!found.add(disk.get().id())) {
                throw new RefusedException("two disks of machine " + machine + " have id "
                        + disk.get().id() + ", one of them " + live.file() + ": it is unclear which one to"
                        + " overwrite");
            }
            check(live, settings, disk.get());
            targets.add(new Target(disk.get(), live.file(), paths.here(live.file())));
        }
        for (Wanted disk : wanted) {
            if (!found.contains(disk.id())) {
                throw new RefusedException(
                        "machine " + machine + " no longer has disk " + disk.id() + " ('" + disk.name()
                                + "' in the snapshot): restore it to a new file, or name the other disks with --disk");
            }
        }
        return targets;
    }

    private static void check(CheckpointedDisk live, DiskSettings settings, Wanted disk) throws IOException {
        if (settings.parent().isPresent()) {
            throw new RefusedException(live.file() + ": is a differencing disk with parent "
                    + settings.parent().get() + ": a checkpoint's file was not merged, or the disk was created"
                    + " that way. Only disks without a parent are overwritten; 'varve hyperv restore' restores"
                    + " to new files");
        }
        if (settings.isSet()) {
            throw new RefusedException(live.file() + ": is a VHD set, which other machines may use: name"
                    + " the machine's own disks with --disk");
        }
        if (settings.size() != disk.size()) {
            throw new RefusedException(live.file() + ": expected a disk of " + disk.size()
                    + " bytes, as in the snapshot, found " + settings.size() + ": it has been resized since");
        }
    }

    /**
     * Asks whether the machine is off.
     *
     * @throws RefusedException when it is not
     */
    public void checkOff() throws IOException {
        VirtualMachine found = host.machines().stream()
                .filter(each -> each.id().equals(machine))
                .findFirst()
                .orElseThrow(() -> new RefusedException("host " + host.host() + " has no machine " + machine
                        + "; it may have moved to another host of its cluster"));
        if (found.state() != OFF) {
            throw new RefusedException("machine " + found.name() + " (" + machine + ") is " + found.stateWord()
                    + ", and must be off for a rollback" + (found.state() == SAVED ? ": delete its saved state" : ""));
        }
    }

    /** The rollback that was begun and not ended, or ended and not backed up yet. */
    public Optional<RollbackNote.Rollback> unfinished() throws IOException {
        return journal.rollback().read();
    }

    /**
     * Notes what is about to be written, and removes Varve's reference points: change lists from them would miss what
     * is written now, which Windows does not see.
     */
    public void begin(RollbackNote.Rollback rollback, CommittedPoints committed) throws IOException {
        journal.rollback().write(rollback);
        words.steps().accept("removing the reference points that change lists start from");
        new Leftovers(host, machine, journal, words).removePoints(committed.all());
    }

    /** Notes that all disks were written. The next backup reads them in full. */
    public void done(RollbackNote.Rollback rollback) throws IOException {
        journal.rollback().write(rollback.done());
    }

    @Override
    public void close() throws IOException {
        claim.close();
    }
}
