package io.varve.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.varve.engine.backup.BackupListener;
import io.varve.engine.backup.Mode;
import io.varve.store.snapshot.DiskCounters;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import java.util.Locale;

/** Tells the operator how a backup goes and what it came to. */
final class BackupReport implements BackupListener, AutoCloseable {
    private final Output output;
    private final boolean showProgress;
    private final long started = System.nanoTime();
    private final ArrayNode json;
    private volatile Progress progress;

    BackupReport(Output output, boolean showProgress) {
        this.output = output;
        this.showProgress = showProgress;
        this.json = output.isJson() ? output.document().putArray("disks") : null;
    }

    @Override
    public void diskStarted(String disk, Mode mode, String reason, long bytesToRead) {
        close();
        output.line("disk %s: %s (%s)", disk, mode.word(), reason);
        progress = Progress.start(output, disk, bytesToRead, showProgress);
    }

    @Override
    public void bytesRead(long bytes) {
        progress.add(bytes);
    }

    @Override
    public void diskDone(DiskRecord disk, long nanos) {
        close();
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
        if (json != null) {
            json.add(SnapshotJson.of(disk).put("seconds", nanos / 1e9));
        }
    }

    private static String ratio(long before, long after) {
        return after == 0 ? "-" : String.format(Locale.ROOT, "%.2fx", (double) before / after);
    }

    void done(Snapshot snapshot) {
        long stored = 0;
        for (DiskRecord disk : snapshot.manifest().disks()) {
            stored += disk.counters().stored();
        }
        long nanos = System.nanoTime() - started;
        output.line(
                "snapshot %s of %s: %d disk%s, stored %s in %.1f s",
                snapshot.id(),
                snapshot.manifest().machine(),
                snapshot.manifest().disks().size(),
                snapshot.manifest().disks().size() == 1 ? "" : "s",
                ByteSize.text(stored),
                nanos / 1e9);
        if (json != null) {
            output.document().put("snapshot", snapshot.id().text()).put("seconds", nanos / 1e9);
        }
    }

    @Override
    public void warning(String code, String message) {
        output.warning(message + " [" + code + "]");
    }

    @Override
    public void notice(String message) {
        output.notice(message);
    }

    @Override
    public void close() {
        if (progress != null) {
            progress.close();
            progress = null;
        }
    }
}
