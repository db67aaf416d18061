package io.varve.engine.backup;

import io.varve.engine.Cancellation;
import io.varve.engine.Workers;
import io.varve.engine.backup.BlockWorker.Stop;
import io.varve.engine.plan.AuditSample;
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
import java.io.IOException;
import java.util.List;

/**
 * Backs up one disk: decides the mode, plans, lets the workers run, assembles the block map. A disk that its change
 * list was caught lying about is read again, whole; that never touches another disk.
 *
 * <p>Memory: (run + 2.1 blocks) × threads of direct buffers, a window's plan and a few map pages of heap.
 */
final class DiskBackup {
    private final int number;
    private final CheckpointDisk disk;
    private final DiskPairing.Pair pair;
    private final WriteSession session;
    private final BackupOptions options;
    private final BackupListener listener;
    private final Cancellation cancellation;
    private final BlockGrid grid;
    private final WindowPlan planner;

    DiskBackup(
            int number,
            CheckpointDisk disk,
            DiskPairing.Pair pair,
            WriteSession session,
            BackupOptions options,
            BackupListener listener,
            Cancellation cancellation) {
        this.number = number;
        this.disk = disk;
        this.pair = pair;
        this.session = session;
        this.options = options;
        this.listener = listener;
        this.cancellation = cancellation;
        this.grid =
                new BlockGrid(disk.image().size(), session.repository().config().blockSize());
        this.planner = new WindowPlan(grid, options.runSize());
    }

    DiskRecord run() throws IOException {
        long started = System.nanoTime();
        Decision decision = Decision.of(disk, pair, session);
        Outcome outcome;
        try {
            outcome = read(decision);
        } catch (AuditMismatchException e) {
            decision = decision.demoted("audit-mismatch", e.getMessage() + " (audit seed " + options.auditSeed() + ")");
            outcome = read(decision);
        }
        checkUnchanged();
        DiskRecord record = record(decision, outcome);
        listener.diskDone(record, System.nanoTime() - started);
        return record;
    }

    private void checkUnchanged() throws SourceException {
        try {
            disk.image().checkUnchanged();
        } catch (IOException e) {
            throw new SourceException(disk.image().location() + ": " + e.getMessage(), e);
        }
    }

    private record Outcome(ChunkId root, DiskCounters counters) {}

    private Outcome read(Decision decision) throws IOException {
        if (decision.mode() == Mode.DEMOTED) {
            listener.warning(
                    decision.reasonCode(), "disk " + disk.name() + " demoted, read whole: " + decision.reason());
        }
        long allocated = allocatedBytes(decision);
        AuditSample audit = audit(decision, allocated);
        long toRead = decision.mode() == Mode.INCREMENTAL
                ? grid.roundOut(decision.changes()).totalLength()
                : allocated;
        listener.diskStarted(disk.name(), decision.mode(), decision.reason(), toRead);

        BlockMap zero = BlockMap.zero(MapShape.of(grid.diskSize(), grid.blockSize()));
        BlockMap base = decision.mode() == Mode.INCREMENTAL ? decision.parent() : zero;
        LeafQueue queue = new LeafQueue(disk.image(), grid, planner, decision, audit, base);
        MapAssembly assembly = new MapAssembly(base, session.newChunkWriter(1));
        DiskCounters counters = work(queue, assembly);
        ChunkId root = assembly.finish();
        return new Outcome(root, counters.plus(new DiskCounters(0, 0, 0, 0, assembly.bytesStored(), 0)));
    }

    private DiskCounters work(LeafQueue queue, MapAssembly assembly) throws IOException {
        Stop stop = new Stop(cancellation);
        List<DiskCounters> counters = Workers.run(
                options.threads(),
                "varve-backup",
                cancellation,
                () -> new BlockWorker(
                        disk.image(),
                        grid,
                        queue,
                        assembly,
                        session.newChunkWriter(grid.blockSize(), options.compression()),
                        listener,
                        stop,
                        options.pace(),
                        planner.runSize()));
        return counters.stream().reduce(DiskCounters.NONE, DiskCounters::plus);
    }

    /** Bytes a full read comes to; asked only where somebody needs to know. */
    private long allocatedBytes(Decision decision) throws IOException {
        if (decision.mode() == Mode.INCREMENTAL && options.auditFraction() >= 0) {
            return 0;
        }
        DiskImage image = disk.image();
        long total = 0;
        for (Range window : planner.windows()) {
            total += grid.roundOut(LeafQueue.allocated(image, window)).totalLength();
        }
        return total;
    }

    private AuditSample audit(Decision decision, long allocated) {
        if (decision.mode() != Mode.INCREMENTAL) {
            return AuditSample.NONE;
        }
        if (options.auditFraction() >= 0) {
            return new AuditSample(options.auditFraction(), options.auditSeed());
        }
        double bound = Math.max(grid.roundOut(decision.changes()).totalLength(), BackupOptions.LEAST_AUDIT_BOUND);
        double fraction = Math.min(BackupOptions.DEFAULT_AUDIT, allocated == 0 ? 0 : bound / allocated);
        return new AuditSample(fraction, options.auditSeed());
    }

    private DiskRecord record(Decision decision, Outcome outcome) {
        DiskImage image = disk.image();
        return new DiskRecord(
                number,
                disk.name(),
                disk.named(),
                image.guid(),
                image.location(),
                image.format(),
                image.size(),
                image.logicalSectorSize(),
                image.physicalSectorSize(),
                grid.blockSize(),
                outcome.root(),
                disk.tracker().token(),
                decision.mode().word(),
                decision.reasonCode(),
                decision.reason(),
                outcome.counters());
    }
}
