package io.varve.engine.backup;

import io.varve.engine.ReadSpeed;
import io.varve.engine.Workers;
import io.varve.engine.partition.GptHeader;
import io.varve.engine.plan.AuditSlices;
import io.varve.engine.plan.WindowPlan;
import io.varve.engine.port.CheckpointDisk;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.SourceException;
import io.varve.engine.range.BlockGrid;
import io.varve.engine.range.Range;
import io.varve.store.chunk.ChunkId;
import io.varve.store.map.BlockMap;
import io.varve.store.map.MapShape;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.DiskCounters;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Backs up one disk: decides the mode, plans, lets the workers run, assembles the block map. If the audit finds that a
 * disk's change list is wrong, the disk is read again, whole. That never affects other disks, which may be backed up at
 * the same time.
 *
 * <p>Memory: a window's plan and a few map pages of heap, 2.1 map pages of direct buffers; the buffers for runs are the
 * {@link Workbench}'s.
 */
final class DiskBackup {
    /**
     * Bytes per nanosecond: one thread copies from the page cache at several, and nothing else is this fast. For cached
     * data, handing over a read-ahead costs more than waiting for the read.
     */
    private static final double MEMORY = 1.5;

    /** The audit found an omission in the change list. */
    private static final String AUDIT_MISMATCH = "audit-mismatch";

    private static final long WINDOW_NANOS = 20_000_000;

    private final int number;
    private final CheckpointDisk disk;
    private final WriteSession session;
    private final BackupOptions options;
    private final BackupListener listener;
    private final Workbench bench;
    private final Stop stop;
    private final BlockGrid grid;
    private final WindowPlan planner;
    private final long started = System.nanoTime();
    private final Optional<DiskRecord> before;
    private final Night night;
    private final Optional<UUID> gptGuid;
    private Decision decision;
    private AuditTurn audit = new AuditTurn(AuditSlices.NONE, Optional.empty());

    /** Decides how the disk will be read; queries the source and the repository. One disk at a time. */
    DiskBackup(int number, CheckpointDisk disk, DiskPairing.Pair pair, Night night) throws IOException {
        this.number = number;
        this.disk = disk;
        this.before = pair.parent();
        this.night = night;
        this.session = night.session();
        this.options = disk.tracker().readsUnchanged()
                ? night.options()
                : night.options().withoutAudit();
        this.listener = night.listener();
        this.bench = night.bench();
        this.stop = night.stop();
        this.grid =
                new BlockGrid(disk.image().size(), session.repository().config().blockSize());
        this.planner = new WindowPlan(grid, options.runSize());
        this.gptGuid = gptGuid(disk.image());
        this.decision = Decision.of(disk, gptGuid, pair, session, night.earlier());
        if (decision.mode() != Mode.INCREMENTAL && !disk.tracker().readsUnchanged()) {
            // The unchanged rest would come from the very snapshot that must not be relied on.
            throw new SourceException("disk " + disk.name() + ": the source delivered only what changed, but the disk"
                    + " must be read in full: " + decision.reason() + "; the next backup reads all of it");
        }
        if (decision.mode() == Mode.FULL) {
            pair.doubt()
                    .ifPresent(doubt ->
                            listener.on(new BackupEvent.Notice("disk " + disk.name() + ": " + doubt.message())));
        }
    }

    /** For a disk whose format has an identity; for others the GPT's GUID is the identity already. */
    private static Optional<UUID> gptGuid(DiskImage image) throws IOException {
        int sector = image.logicalSectorSize();
        boolean mayHaveOne = image.guid().isPresent()
                && image.size() >= 2L * sector
                && !image.allocated(new Range(sector, sector)).isEmpty();
        return mayHaveOne ? GptHeader.diskGuid(image::read, image.size(), sector) : Optional.empty();
    }

    /** Position among the checkpoint's disks, from 1. */
    int number() {
        return number;
    }

    DiskRecord run() throws IOException {
        Outcome outcome;
        try {
            outcome = read();
        } catch (AuditMismatchException e) {
            decision = decision.demoted(AUDIT_MISMATCH, e.getMessage() + "; " + inDoubt());
            outcome = read();
        }
        disk.image().checkUnchanged();
        DiskRecord record = record(outcome);
        listener.on(new BackupEvent.DiskDone(record, System.nanoTime() - started));
        return record;
    }

    private record Outcome(ChunkId root, DiskCounters counters) {}

    /** What {@link #run} would read. Stores nothing. */
    DiskForecast forecast() throws IOException {
        announce();
        long allocated = allocatedBytes();
        long changed = toRead(allocated);
        double share = audit(allocated, doubtedSince()).slices().share();
        return new DiskForecast(
                number,
                disk.name(),
                disk.image().location(),
                disk.image().format(),
                disk.image().size(),
                before.map(DiskRecord::name),
                decision.mode(),
                decision.reasonCode(),
                decision.reason(),
                changed,
                (long) (share * Math.max(0, allocated - changed)));
    }

    private void announce() {
        if (decision.mode() == Mode.DEMOTED) {
            listener.on(new BackupEvent.Warning(
                    decision.reasonCode(), "disk " + disk.name() + " demoted, read in full: " + decision.reason()));
        }
        if (decision.mode() == Mode.INCREMENTAL) {
            distrust()
                    .ifPresent(why -> listener.on(new BackupEvent.Notice("disk " + disk.name() + ": " + why
                            + "; ten times as many unchanged blocks are compared until a round is complete")));
        }
    }

    private long toRead(long allocated) {
        return decision.mode() == Mode.INCREMENTAL
                ? grid.roundOut(decision.changes()).totalLength()
                : allocated;
    }

    private Outcome read() throws IOException {
        stop.check();
        announce();
        Optional<Instant> doubtedSince = doubtedSince();
        long allocated = allocatedBytes();
        audit = audit(allocated, doubtedSince);
        long toRead = toRead(allocated);
        listener.on(new BackupEvent.DiskStarted(disk.name(), decision.mode(), decision.reason(), toRead));

        BlockMap zero = BlockMap.zero(MapShape.of(grid.diskSize(), grid.blockSize()));
        BlockMap base = decision.mode() == Mode.INCREMENTAL ? decision.parent() : zero;
        LeafQueue queue = new LeafQueue(disk.image(), grid, planner, decision, audit.slices(), base);
        MapAssembly assembly = new MapAssembly(base, session.newChunkWriter(1));
        DiskCounters counters = work(queue, assembly);
        ChunkId root = assembly.finish();
        return new Outcome(root, counters.plus(new DiskCounters(0, 0, 0, 0, assembly.bytesStored(), 0)));
    }

    private DiskCounters work(LeafQueue queue, MapAssembly assembly) throws IOException {
        ReadSpeed speed = new ReadSpeed(MEMORY, WINDOW_NANOS);
        AtomicInteger workers = new AtomicInteger();
        List<DiskCounters> counters = Workers.run(
                bench.places(),
                "varve-backup",
                stop.cancellation(),
                () -> new BlockWorker(
                        disk, grid, queue, assembly, night, speed, workers.incrementAndGet() > options.threads()));
        return counters.stream().reduce(DiskCounters.NONE, DiskCounters::plus);
    }

    /** Bytes of a full read; computed only on demand. */
    private long allocatedBytes() throws IOException {
        if (decision.mode() == Mode.INCREMENTAL && options.auditFraction() == 0) {
            return 0;
        }
        DiskImage image = disk.image();
        long total = 0;
        for (Range window : planner.windows()) {
            total += grid.roundOut(image.allocated(window)).totalLength();
        }
        return total;
    }

    /** @param allocated bytes that may hold data; 0 when nothing is audited */
    private AuditTurn audit(long allocated, Optional<Instant> doubtedSince) throws IOException {
        boolean doubtful = distrust().isPresent();
        if (decision.mode() != Mode.INCREMENTAL) {
            return AuditTurn.whole(
                    decision.mode(),
                    before,
                    doubtedSince,
                    new AuditTurn.Given(options, night.startedAt(), allocated, allocated, doubtful));
        }
        long changed = grid.roundOut(decision.changes()).totalLength();
        return AuditTurn.incremental(
                before.orElseThrow(),
                night.earlier().lastNight().orElseThrow(),
                new AuditTurn.Given(options, night.startedAt(), allocated, changed, doubtful));
    }

    /** Why ten times as much of the disk is audited, if its change list is used at all. */
    private Optional<String> distrust() {
        return disk.image().unclean().or(night::doubt);
    }

    /** The last snapshot whose content is confirmed, if the list was caught tonight. */
    private Optional<Instant> doubtedSince() {
        return decision.reasonCode().equals(AUDIT_MISMATCH) ? lastProof() : Optional.empty();
    }

    private Optional<Instant> lastProof() {
        return before.flatMap(record -> record.audit().isPresent()
                ? record.audit().get().comparedSince()
                : record.mode().equals(Mode.INCREMENTAL.word())
                        ? Optional.<Instant>empty()
                        : night.earlier().lastNight());
    }

    /** The snapshots that may lack changes omitted earlier, for the operator. */
    private String inDoubt() throws IOException {
        Optional<Instant> proof = lastProof();
        if (proof.isEmpty()) {
            return "no earlier snapshot of this disk was fully verified: all that were read by a change"
                    + " list are in doubt ('varve fsck --against' compares one with a disk)";
        }
        Optional<Snapshot> proven = night.earlier()
                .snapshot(snapshot -> snapshot.manifest().startedAt().equals(proof.get()));
        return "snapshots of this disk later than "
                + proven.map(snapshot -> snapshot.id().text()).orElse("that of " + proof.get())
                + " and before this one are in doubt: that one was the last to be fully compared"
                + " ('varve fsck --against' compares one with a disk)";
    }

    private DiskRecord record(Outcome outcome) {
        DiskImage image = disk.image();
        return new DiskRecord(
                number,
                disk.name(),
                disk.named(),
                image.guid(),
                gptGuid.filter(gpt -> !image.guid().equals(Optional.of(gpt))),
                image.location(),
                image.format(),
                image.size(),
                image.logicalSectorSize(),
                image.physicalSectorSize(),
                grid.blockSize(),
                outcome.root(),
                Optional.empty(), // asked for when all disks have been read
                decision.mode().word(),
                decision.reasonCode(),
                decision.reason(),
                outcome.counters(),
                audit.after());
    }
}
