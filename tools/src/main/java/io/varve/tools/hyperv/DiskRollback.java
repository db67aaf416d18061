package io.varve.tools.hyperv;

import io.varve.adapters.hyperv.HostPaths;
import io.varve.adapters.hyperv.HyperV;
import io.varve.adapters.hyperv.HyperVWords;
import io.varve.adapters.hyperv.Journal;
import io.varve.adapters.hyperv.MachineRollback;
import io.varve.adapters.hyperv.MachineRollback.Target;
import io.varve.adapters.hyperv.RollbackNote.Rollback;
import io.varve.adapters.hyperv.VirtualMachine;
import io.varve.adapters.hyperv.WatchedDisk;
import io.varve.engine.Cancellation;
import io.varve.engine.Pace;
import io.varve.engine.port.ExistingDisk;
import io.varve.engine.port.SourceException;
import io.varve.engine.restore.RestoreJob;
import io.varve.store.Repository;
import io.varve.store.fault.Count;
import io.varve.store.fault.Reason;
import io.varve.store.fault.RefusedException;
import io.varve.store.session.ReadSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import io.varve.tools.document.HyperVRollbackDocument;
import io.varve.tools.document.RolledBackDiskEntry;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.DamageList;
import io.varve.tools.output.Output;
import io.varve.tools.output.Printable;
import io.varve.tools.output.Progress;
import io.varve.tools.output.RestoreProgress;
import io.varve.tools.output.Subject;
import io.varve.tools.output.WarningCode;
import io.varve.tools.source.HyperVHosts;
import io.varve.tools.source.HyperVWiring;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Overwrites the disks of a machine that is off with their content in a snapshot. */
final class DiskRollback {
    private static final Duration LOOKS = Duration.ofSeconds(5);

    private final Where where;
    private final Journal journal;
    private final HyperVWords words;
    private final Repository repository;
    private final Snapshot snapshot;
    private final Output output;
    private final Cancellation cancellation;
    private final List<RolledBackDiskEntry> entries = new ArrayList<>();
    private volatile boolean isHalf;

    /**
     * The machine.
     *
     * @param paths where this computer finds its disks
     */
    record Where(HyperV hyperV, VirtualMachine machine, HostPaths paths) {}

    DiskRollback(Where where, Repository repository, Snapshot snapshot, Output output, Cancellation cancellation) {
        this.where = where;
        this.journal = HyperVWiring.journal(repository, where.machine().id());
        this.words = HyperVWiring.words(output);
        this.repository = repository;
        this.snapshot = snapshot;
        this.output = output;
        this.cancellation = cancellation;
    }

    /** For an operator who stops the command. Called from any thread. */
    String soFar() {
        return isHalf ? "the disks are half rolled back: " + advice() : "the disks were not changed";
    }

    private static String advice() {
        return "do not start the machine, and run the same command again to finish";
    }

    /** The rollback that was begun and not ended. */
    Optional<Rollback> unfinished() throws IOException {
        return HyperVHosts.asked(() -> journal.rollback().read()).filter(rollback -> !rollback.isDone());
    }

    /** @throws RefusedException when the disks cannot be overwritten safely */
    void check(List<DiskRecord> disks) throws IOException {
        try (MachineRollback machine = open()) {
            targets(machine, disks);
        }
    }

    void show(List<DiskRecord> disks) throws IOException {
        try (MachineRollback machine = open()) {
            for (Target target : targets(machine, disks)) {
                output.line(
                        "would roll back disk %s (%s) to snapshot %s, in %s",
                        Printable.name(target.disk().name()),
                        target.file(),
                        snapshot.id(),
                        Printable.name(target.here().toString()));
                entries.add(new RolledBackDiskEntry(
                        target.disk().name(), target.here().toString(), 0, 0));
            }
        }
        output.document(() -> document(Optional.empty(), false));
    }

    private MachineRollback open() throws IOException {
        return HyperVHosts.asked(
                () -> new MachineRollback(where.hyperV(), where.machine().id(), journal, words));
    }

    private List<Target> targets(MachineRollback machine, List<DiskRecord> disks) throws IOException {
        List<MachineRollback.Wanted> wanted = disks.stream()
                .map(disk -> new MachineRollback.Wanted(disk.guid().orElseThrow(), disk.name(), disk.size()))
                .toList();
        try {
            return machine.targets(wanted, where.paths());
        } catch (MachineRollback.RefusedException e) {
            throw new RefusedException(e.getMessage());
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            throw new SourceException(Reason.of(e), e);
        }
    }

    private HyperVRollbackDocument document(Optional<Snapshot> before, boolean applied) {
        return new HyperVRollbackDocument(
                snapshot.id().text(),
                where.machine().id(),
                before.map(each -> each.id().text()),
                entries,
                applied);
    }

    /**
     * Writes the disks.
     *
     * @param before the disks as they were when writing began: what differs from it is written; empty to compare all
     * @param compare whether to compare all in any case
     */
    void run(List<DiskRecord> disks, Optional<Snapshot> before, boolean compare, int threads, Pace pace)
            throws IOException {
        output.document(() -> document(before, true));
        try (MachineRollback machine = open();
                OpenDisks open =
                        OpenDisks.of(targets(machine, disks), where.hyperV().host())) {
            Rollback rollback = new Rollback(
                    false,
                    snapshot.id().text(),
                    before.map(each -> each.id().text()),
                    disks.stream().flatMap(disk -> disk.guid().stream()).toList());
            HyperVHosts.asked(() -> {
                machine.begin(
                        rollback,
                        HyperVWiring.committed(
                                repository,
                                where.machine().id(),
                                snapshot.manifest().machine()));
                return true;
            });
            isHalf = true;
            try (ReadSession session = ReadSession.open(repository, output::notice)) {
                for (OpenDisks.Disk file : open.disks()) {
                    DiskRecord disk = of(disks, file.target().disk().id());
                    Optional<DiskRecord> earlier =
                            compare ? Optional.empty() : before.flatMap(each -> same(each, disk));
                    ExistingDisk watched = new WatchedDisk(file.file(), machine, LOOKS);
                    write(session, watched, disk, earlier, threads, pace);
                }
            } catch (IOException | RuntimeException e) {
                output.warning(
                        WarningCode.HALF_ROLLED_BACK,
                        "the disks of machine "
                                + Printable.name(where.machine().name())
                                + " are half rolled back: " + advice()
                                + before.map(each -> ", or roll back to snapshot " + each.id() + ", which has the disks"
                                                + " as they were")
                                        .orElse(""));
                throw e;
            }
            machine.done(rollback);
            isHalf = false;
        }
        output.line(
                "%s of machine %s rolled back to snapshot %s%s; the next backup reads the disks in full",
                Count.of(entries.size(), "disk"),
                Printable.name(where.machine().name()),
                snapshot.id(),
                before.map(each -> "; snapshot " + each.id() + " has their previous state")
                        .orElse(""));
    }

    private static DiskRecord of(List<DiskRecord> disks, UUID id) {
        return disks.stream()
                .filter(disk -> disk.guid().equals(Optional.of(id)))
                .findFirst()
                .orElseThrow();
    }

    private static Optional<DiskRecord> same(Snapshot before, DiskRecord disk) {
        List<DiskRecord> found = before.manifest().disks().stream()
                .filter(each -> each.guid().equals(disk.guid())
                        && each.size() == disk.size()
                        && each.blockSize() == disk.blockSize())
                .toList();
        return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
    }

    private void write(
            ReadSession session,
            ExistingDisk target,
            DiskRecord disk,
            Optional<DiskRecord> earlier,
            int threads,
            Pace pace)
            throws IOException {
        Subject subject = Subject.disk("rolling back", where.machine().name(), disk.name());
        RestoreJob.Result result;
        try (Progress shown = Progress.start(output, subject, disk.size())) {
            RestoreProgress listener = new RestoreProgress(shown, new DamageList(output));
            RestoreJob job = new RestoreJob(session, disk, threads, false, listener, cancellation, pace);
            result = earlier.isPresent() ? job.runDifference(earlier.get(), target) : job.run(target);
        }
        target.commit();
        entries.add(new RolledBackDiskEntry(disk.name(), target.location(), result.written(), result.unchanged()));
        output.line(
                "disk %s: wrote %s of %s%s",
                Printable.name(disk.name()),
                ByteSize.text(result.written()),
                ByteSize.text(disk.size()),
                earlier.isPresent() ? "" : ", after comparing all of it");
    }
}
