package io.varve.tools.output;

import io.varve.engine.backup.BackupEvent;
import io.varve.engine.backup.BackupJob;
import io.varve.engine.backup.BackupListener;
import io.varve.engine.backup.Mode;
import io.varve.store.fault.Count;
import io.varve.store.fault.UnknownOutcomeException;
import io.varve.store.snapshot.DiskCounters;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import io.varve.tools.document.BackupDocument;
import io.varve.tools.document.DiskEntry;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Tells the operator how the backup of one machine goes and what came of it. Each disk that is being read has its own
 * progress. Thread-safe.
 */
public final class BackupReport implements BackupListener, AutoCloseable {
    private final Output output;
    private final String machine;
    private final long started = System.nanoTime();
    private final TreeMap<Integer, DiskEntry> disksDone = new TreeMap<>();
    private Optional<String> outcome = Optional.empty();
    private Optional<String> snapshotId = Optional.empty();
    private Optional<Double> seconds = Optional.empty();
    private final Map<String, Progress> reading = new HashMap<>();
    private String lastNamed = "";

    public BackupReport(Output output, String machine) {
        this.output = output;
        this.machine = machine;
        output.document(this::document);
    }

    @Override
    public void on(BackupEvent event) {
        if (event instanceof BackupEvent.BytesRead read) {
            bytesRead(read.disk(), read.bytes());
        } else if (event instanceof BackupEvent.DiskStarted started) {
            diskStarted(started.disk(), started.mode(), started.reason(), started.bytesToRead());
        } else if (event instanceof BackupEvent.DiskDone done) {
            diskDone(done.disk(), done.nanos());
        } else if (event instanceof BackupEvent.Warning warning) {
            warning(warning.code(), warning.message());
        } else if (event instanceof BackupEvent.Raised raised) {
            warning(raised.alarm().code(), raised.alarm().message());
        } else if (event instanceof BackupEvent.Notice notice) {
            output.notice(notice.message());
        } // the commit is reported after the repository is closed
    }

    private synchronized void diskStarted(String disk, Mode mode, String reason, long bytesToRead) {
        end(disk); // its change list was wrong: it is read again, whole
        output.line("disk %s: %s (%s)", disk, mode.word(), reason);
        lastNamed = disk;
        reading.put(disk, Progress.start(output, Subject.disk("reading", machine, disk), bytesToRead));
    }

    private synchronized void bytesRead(String disk, long bytes) {
        reading.get(disk).add(bytes);
    }

    private synchronized void diskDone(DiskRecord disk, long nanos) {
        end(disk.name());
        if (!lastNamed.equals(disk.name())) {
            output.line("disk %s: done", disk.name());
            lastNamed = disk.name();
        }
        result(disk, nanos);
        disksDone.put(disk.number(), SnapshotEntries.of(disk, Optional.of(nanos / 1e9)));
    }

    private void end(String disk) {
        Progress progress = reading.remove(disk);
        if (progress != null) {
            progress.close();
        }
    }

    private void result(DiskRecord disk, long nanos) {
        DiskCounters counters = disk.counters();
        output.line(
                "  changed %s, read %s, new %s, stored %s",
                ByteSize.text(counters.changed()),
                ByteSize.text(counters.read()),
                ByteSize.text(counters.added()),
                ByteSize.text(counters.stored()));
        output.line(
                "  dedup %s, compression %s, %.1f s, %s",
                ratio(counters.changed() - counters.zero(), counters.added()),
                ratio(counters.added(), counters.stored()),
                nanos / 1e9,
                ByteSize.rate(counters.read(), nanos));
        AuditText.of(disk).ifPresent(text -> output.line("  audit %s", text));
    }

    private static String ratio(long before, long after) {
        return after == 0 ? "-" : String.format(Locale.ROOT, "%.2fx", (double) before / after);
    }

    public void done(Snapshot snapshot) {
        long stored = 0;
        for (DiskRecord disk : snapshot.manifest().disks()) {
            stored += disk.counters().stored();
        }
        long nanos = System.nanoTime() - started;
        output.line(
                "snapshot %s of %s: %s, stored %s in %.1f s",
                snapshot.id(),
                snapshot.manifest().machine(),
                Count.of(snapshot.manifest().disks().size(), "disk"),
                ByteSize.text(stored),
                nanos / 1e9);
        synchronized (this) {
            outcome = Optional.of("committed");
            snapshotId = Optional.of(snapshot.id().text());
            seconds = Optional.of(nanos / 1e9);
        }
    }

    /** Records that there is no snapshot, or that it is unknown whether there is. */
    public synchronized void failed(IOException failure) {
        outcome = Optional.of(failure instanceof UnknownOutcomeException ? "unknown" : "not-committed");
    }

    /** So far. */
    private synchronized BackupDocument document() {
        return new BackupDocument(List.copyOf(disksDone.values()), outcome, snapshotId, seconds);
    }

    private void warning(String code, String message) {
        output.warning(WarningCode.of(code, message));
        if (code.equals(BackupJob.SOURCE_NOT_CLEAN)) {
            output.sourceNotClean();
        }
    }

    @Override
    public synchronized void close() {
        reading.values().forEach(Progress::close);
    }
}
