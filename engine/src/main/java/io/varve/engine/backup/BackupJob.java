package io.varve.engine.backup;

import io.varve.engine.Cancellation;
import io.varve.engine.Workers;
import io.varve.engine.port.CheckpointDisk;
import io.varve.engine.port.CheckpointSource;
import io.varve.engine.port.Previous;
import io.varve.engine.port.SourceException;
import io.varve.engine.port.TargetException;
import io.varve.engine.source.GuardedCheckpoint;
import io.varve.store.coordination.HostName;
import io.varve.store.crypt.LockedRepositoryException;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.Reason;
import io.varve.store.fault.UnknownOutcomeException;
import io.varve.store.hold.Hold;
import io.varve.store.retention.RetentionPolicy;
import io.varve.store.session.CommittedException;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Manifest;
import io.varve.store.snapshot.Manifest.FileRecord;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotCatalog;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One machine's backup, in the order of the design: session (opened by the caller) → checkpoint → per disk: changes,
 * plan, read, store, map, several disks at once → barrier → manifest = commit → only now the source's checkpoint
 * advances.
 */
public final class BackupJob {
    /** Code of the warning that the snapshot is complete but something was left at its source. */
    public static final String SOURCE_NOT_CLEAN = "source-not-clean";

    /** Consistency of a snapshot whose source may have been written to while it was read. */
    public static final String FUZZY = "fuzzy";

    private final WriteSession session;
    private final BackupOptions options;
    private final BackupListener listener;
    private final Cancellation cancellation;
    private final String writer;
    private final Workshop workshop;
    private final List<Alarm> alarms = new CopyOnWriteArrayList<>();

    /**
     * @param session open, used by this job alone while it runs
     * @param writer version of this program
     */
    public BackupJob(
            WriteSession session,
            BackupOptions options,
            BackupListener listener,
            Cancellation cancellation,
            String writer) {
        this(
                session,
                options,
                listener,
                cancellation,
                writer,
                new Workshop(options, session.repository().config().blockSize()));
    }

    /**
     * As above, for one of several jobs that run at once.
     *
     * @param workshop shared with the others; created for the same options and block size
     */
    public BackupJob(
            WriteSession session,
            BackupOptions options,
            BackupListener listener,
            Cancellation cancellation,
            String writer,
            Workshop workshop) {
        this.workshop = workshop;
        this.session = session;
        this.options = options;
        this.listener = listener;
        this.cancellation = cancellation;
        this.writer = writer;
    }

    /**
     * Backs up a machine. The first failure of any disk stops all disks. When this returns or throws, all its workers
     * have ended and the checkpoint is closed.
     *
     * @return the committed snapshot
     * @throws SourceException when the source cannot be read; nothing was committed
     * @throws TargetException when the repository cannot be written; nothing was committed
     * @throws UnknownOutcomeException when the snapshot may exist
     * @throws CorruptDataException when the repository is damaged; nothing was committed
     * @throws LockedRepositoryException when it is encrypted and was not unlocked; nothing was committed
     */
    public Snapshot run(String machine, CheckpointSource source) throws IOException {
        return run(machine, Instant.now(), session.repository().snapshots().next(machine, this::damaged), source);
    }

    /**
     * As {@link #run(String, CheckpointSource)}, for an earlier state of the disks.
     *
     * @param startedAt the time of that state; decides the snapshot's place among the machine's snapshots
     */
    public Snapshot runFor(Instant startedAt, String machine, CheckpointSource source) throws IOException {
        SnapshotCatalog catalog = session.repository().snapshots();
        return run(machine, startedAt, catalog.at(machine, startedAt, this::damaged), source);
    }

    /**
     * What a backup would do now.
     *
     * @param parent the snapshot that it would be compared with
     * @param alarms for disks that the machine no longer has; alarms of content cannot be told without reading it
     * @param fuzzy whether a source could be written to
     */
    public record Forecast(Optional<Snapshot> parent, List<DiskForecast> disks, List<Alarm> alarms, boolean fuzzy) {}

    /**
     * Tells how a machine's disks would be read, and why. Takes a checkpoint and closes it without committing it; reads
     * what the decisions need, and stores nothing: a session that only looks is enough.
     *
     * @param time of the snapshot; empty for now
     */
    public Forecast forecast(String machine, Optional<Instant> time, CheckpointSource source) throws IOException {
        SnapshotCatalog catalog = session.repository().snapshots();
        SnapshotCatalog.Next place =
                time.isEmpty() ? catalog.next(machine, this::damaged) : catalog.at(machine, time.get(), this::damaged);
        place.previous().ifPresent(this::checkClock);
        EarlierNights earlier = new EarlierNights(catalog, place.previous());
        try (GuardedCheckpoint checkpoint = GuardedCheckpoint.take(source, previous(earlier))) {
            boolean replaced = isReplaced(checkpoint, place.previous());
            FrozenWatch watch = new FrozenWatch(options.requireFrozen(), listener);
            watch.look(checkpoint.disks());
            Night night = night(time.orElseGet(Instant::now), earlier, distrust(earlier, replaced));
            List<DiskRecord> before = place.previous()
                    .map(snapshot -> snapshot.manifest().disks())
                    .orElse(List.of());
            List<CheckpointDisk> disks = checkpoint.disks();
            DiskPairing.sharedGuids(disks).forEach(this::warnOfCopies);
            List<DiskPairing.Pair> pairs = DiskPairing.pair(disks, before);
            List<DiskForecast> forecasts = new ArrayList<>();
            for (int i = 0; i < disks.size(); i++) {
                cancellation.check();
                forecasts.add(new DiskBackup(i + 1, disks.get(i), pairs.get(i), night).forecast());
            }
            List<Alarm> missing = missing(pairs, before, disks.stream().map(CheckpointDisk::name));
            return new Forecast(place.previous(), List.copyOf(forecasts), missing, watch.isDisturbed());
        }
    }

    private void damaged(CorruptDataException manifest) {
        listener.on(new BackupEvent.Warning("manifest-damaged", manifest.getMessage()));
    }

    private Snapshot run(String machine, Instant startedAt, SnapshotCatalog.Next place, CheckpointSource source)
            throws IOException {
        place.previous().ifPresent(this::checkClock);
        EarlierNights earlier = new EarlierNights(session.repository().snapshots(), place.previous());
        Previous previous = previous(earlier);
        long asked = System.nanoTime();
        GuardedCheckpoint checkpoint = GuardedCheckpoint.take(source, previous);
        long frozen = System.nanoTime();
        Snapshot snapshot;
        long committed;
        try {
            snapshot = commit(machine, startedAt, place, earlier, checkpoint);
            committed = System.nanoTime();
            advance(checkpoint, snapshot);
        } catch (IOException | RuntimeException | Error e) {
            try {
                checkpoint.close();
            } catch (IOException notClosed) {
                e.addSuppressed(notClosed);
            }
            throw e;
        }
        cleanUp(checkpoint);
        listener.on(new BackupEvent.Released(frozen - asked, System.nanoTime() - committed));
        return snapshot;
    }

    /**
     * Signs that a disk was lost since the machine's previous snapshot; a reason to keep earlier snapshots. Complete
     * once the backup is committed; empty on an ordinary night.
     */
    public List<Alarm> alarms() {
        return List.copyOf(alarms);
    }

    /** Warns of a wrong clock at once, since retention by days depends on the times in snapshots. */
    private void checkClock(Snapshot parent) {
        Instant newest = parent.manifest().startedAt();
        Instant now = Instant.now();
        if (newest.isAfter(now.plus(RetentionPolicy.CLOCK_TOLERANCE))) {
            listener.on(new BackupEvent.Warning(
                    "clock",
                    "snapshot " + parent.id() + " of this machine is of " + newest + ", but this"
                            + " computer's clock says " + now + ": one of them is wrong; if it is the snapshot,"
                            + " 'varve forget' it by name"));
        }
    }

    private Previous previous(EarlierNights earlier) throws IOException {
        try {
            return earlier.previous();
        } catch (CorruptDataException | LockedRepositoryException | InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            throw repositoryFailed(e);
        }
    }

    private TargetException repositoryFailed(IOException e) {
        return new TargetException(
                "repository " + session.repository().location() + ": " + Reason.of(e)
                        + "; nothing was committed, earlier snapshots are untouched",
                e);
    }

    /** Warns if the name now belongs to another machine: change lists and history are those of the old one. */
    private boolean isReplaced(GuardedCheckpoint checkpoint, Optional<Snapshot> parent) {
        Optional<UUID> before = parent.flatMap(snapshot -> snapshot.manifest().machineGuid());
        boolean replaced =
                before.isPresent() && checkpoint.machine().isPresent() && !before.equals(checkpoint.machine());
        if (replaced) {
            listener.on(new BackupEvent.Warning(
                    "machine-replaced",
                    "expected the machine with GUID " + before.get() + ", as in snapshot "
                            + parent.get().id() + ", found "
                            + checkpoint.machine().get()
                            + ": another machine has this name now. To keep the two apart, back it up"
                            + " under another name"));
        }
        return replaced;
    }

    /** Why tonight's change lists are trusted less than usual; empty on an ordinary night. */
    private static Optional<String> distrust(EarlierNights earlier, boolean replaced) {
        if (replaced) {
            return Optional.of("the machine was replaced or restored");
        }
        return earlier.lastNightWasFuzzy()
                ? Optional.of("the source of the previous snapshot could be written to while it was read")
                : Optional.empty();
    }

    private Snapshot commit(
            String machine,
            Instant startedAt,
            SnapshotCatalog.Next place,
            EarlierNights earlier,
            GuardedCheckpoint checkpoint)
            throws IOException {
        Optional<Snapshot> parent = place.previous();
        boolean replaced = isReplaced(checkpoint, parent);
        if (checkpoint.disks().isEmpty() && checkpoint.files().isEmpty()) {
            throw new SourceException("machine " + machine + ": its source has neither a disk nor a configuration file,"
                    + " so there is nothing to back up");
        }
        try {
            FrozenWatch watch = new FrozenWatch(options.requireFrozen(), listener);
            watch.look(checkpoint.disks());
            List<FileRecord> files = new FileBackup(session, options, cancellation).store(checkpoint.files());
            Night night = night(startedAt, earlier, distrust(earlier, replaced));
            List<DiskRecord> disks = backUpDisks(checkpoint, night, parent);
            // Only when all disks have been read: disks of one machine belong together.
            watch.look(checkpoint.disks());
            hold(machine);
            checkpoint.finishReading();
            Manifest manifest = new Manifest(
                    session.repository().config().repositoryId(),
                    machine,
                    checkpoint.machine(),
                    HostName.get(),
                    startedAt,
                    Instant.now(),
                    watch.isDisturbed() ? FUZZY : checkpoint.consistency(),
                    withTokens(disks, checkpoint.disks()),
                    files,
                    writer,
                    parent.map(Snapshot::id),
                    parent.map(Snapshot::digest),
                    place.sequence(),
                    checkpoint.sourceState(),
                    options.labels());
            cancellation.check();
            Snapshot snapshot = session.commit(manifest);
            listener.on(new BackupEvent.Committed(snapshot));
            return snapshot;
        } catch (CommittedException e) {
            listener.on(new BackupEvent.Committed(e.snapshot()));
            listener.on(new BackupEvent.Warning("after-commit", e.getMessage()));
            return e.snapshot();
        } catch (SourceException
                | CorruptDataException
                | LockedRepositoryException
                | UnknownOutcomeException
                | InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            throw repositoryFailed(e);
        }
    }

    /** The snapshot is durable even if part of the checkpoint is left at the source, but that must be reported. */
    private void cleanUp(GuardedCheckpoint checkpoint) {
        try {
            checkpoint.close();
        } catch (IOException e) {
            listener.on(new BackupEvent.Warning(
                    SOURCE_NOT_CLEAN,
                    "the snapshot is complete, but its source could not be cleaned up: " + Reason.of(e)));
        }
    }

    private Night night(Instant startedAt, EarlierNights earlier, Optional<String> doubt) {
        Workbench bench = new Workbench(session, options.compression(), workshop);
        return new Night(startedAt, earlier, doubt, session, options, listener, bench, new Stop(cancellation));
    }

    private List<DiskRecord> backUpDisks(GuardedCheckpoint checkpoint, Night night, Optional<Snapshot> parent)
            throws IOException {
        List<CheckpointDisk> disks = checkpoint.disks();
        List<DiskRecord> before =
                parent.map(snapshot -> snapshot.manifest().disks()).orElse(List.of());
        DiskPairing.sharedGuids(disks).forEach(this::warnOfCopies);
        List<DiskPairing.Pair> pairs = DiskPairing.pair(disks, before);
        DiskQueue queue = new DiskQueue(disks, pairs, night);
        int atOnce = Math.max(1, Math.min(options.disksAtOnce(), disks.size()));
        Workers.run(atOnce, "varve-disk", cancellation, () -> queue);
        List<DiskRecord> records = queue.records();
        for (int i = 0; i < records.size(); i++) {
            Alarm.of(pairs.get(i).parent(), before, records.get(i)).ifPresent(this::raise);
        }
        missing(pairs, before, records.stream().map(DiskRecord::name)).forEach(this::raise);
        return records;
    }

    /** With the tokens of the frozen disks, which a source may only have once everything was read. */
    private static List<DiskRecord> withTokens(List<DiskRecord> records, List<CheckpointDisk> disks) {
        List<DiskRecord> complete = new ArrayList<>();
        for (DiskRecord record : records) {
            CheckpointDisk disk = disks.get(record.number() - 1);
            complete.add(record.withToken(disk.tracker().token()));
        }
        return complete;
    }

    private List<Alarm> missing(List<DiskPairing.Pair> pairs, List<DiskRecord> before, Stream<String> now) {
        Set<String> names = now.collect(Collectors.toSet());
        List<Alarm> missing = new ArrayList<>();
        for (DiskRecord record : before) {
            boolean paired = pairs.stream()
                    .anyMatch(pair -> pair.parent().filter(record::equals).isPresent());
            if (!paired && !names.contains(record.name()) && !options.gone().contains(record.name())) {
                missing.add(Alarm.missing(record));
            }
        }
        return missing;
    }

    private void warnOfCopies(UUID guid, List<String> names) {
        listener.on(new BackupEvent.Warning(
                "duplicate-guid",
                "disks " + String.join(", ", names) + " have the same GUID " + guid
                        + ": one is a copy of the other, and only their names distinguish them. Give"
                        + " the copy its own GUID (Set-VHD -ResetDiskIdentifier; sgdisk -G for a GPT)"));
    }

    /** Keeps earlier snapshots from being forgotten. Done before the commit, since retention may run right after it. */
    private void hold(String machine) throws IOException {
        for (Alarm alarm : alarms) {
            Hold hold = place(machine, alarm);
            listener.on(new BackupEvent.Notice("hold " + hold.id() + " keeps all snapshots of machine " + machine
                    + " from being forgotten: find out why, then 'varve hold release " + hold.id() + "'"));
        }
    }

    private Hold place(String machine, Alarm alarm) throws IOException {
        try {
            return session.repository()
                    .holds()
                    .place(
                            machine,
                            Optional.of(alarm.disk()),
                            alarm.code(),
                            alarm.message(),
                            Optional.empty(),
                            HostName.get(),
                            Instant.now());
        } catch (UnknownOutcomeException e) {
            throw new IOException(e.getMessage(), e); // what was asked for is a snapshot, and there is none
        }
    }

    private void raise(Alarm alarm) {
        alarms.add(alarm);
        listener.on(new BackupEvent.Raised(alarm));
    }

    /** The snapshot is durable: a source that cannot advance makes the next list longer, not wrong. */
    private void advance(GuardedCheckpoint checkpoint, Snapshot snapshot) {
        try {
            checkpoint.commit(snapshot.id().text());
        } catch (IOException e) {
            listener.on(new BackupEvent.Warning(
                    "checkpoint-not-advanced",
                    "the snapshot is complete, but the source's checkpoint could not be advanced: " + Reason.of(e)));
        }
    }
}
