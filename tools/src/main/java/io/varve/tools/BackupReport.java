package io.varve.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.engine.backup.BackupListener;
import io.varve.engine.backup.Mode;
import io.varve.store.snapshot.DiskCounters;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Tells the operator how a backup goes and what it came to. Of several disks at once there is one progress, of all that
 * have begun; its total grows with each. Thread-safe.
 */
final class BackupReport implements BackupListener, AutoCloseable {
    private final Output output;
    private final boolean showProgress;
    private final long started = System.nanoTime();
    private final ArrayNode json;
    private final TreeMap<Integer, ObjectNode> disksDone = new TreeMap<>();
    private final Map<String, Reading> running = new HashMap<>();
    private final Set<String> begun = new HashSet<>(); // since nothing was running
    private long total; // bytes of what has begun: as planned, and when done with, as read
    private String lastNamed = "";
    private Progress progress;

    /** What is to be read of one disk, and what was read. */
    private static final class Reading {
        private final long planned;
        private long read;

        Reading(long planned) {
            this.planned = planned;
        }
    }

    BackupReport(Output output, boolean showProgress) {
        this.output = output;
        this.showProgress = showProgress;
        this.json = output.isJson() ? output.document().putArray("disks") : null;
    }

    @Override
    public synchronized void diskStarted(String disk, Mode mode, String reason, long bytesToRead) {
        doneWith(disk); // if it is read once more, whole
        output.line("disk %s: %s (%s)", disk, mode.word(), reason);
        lastNamed = disk;
        running.put(disk, new Reading(bytesToRead));
        begun.add(disk);
        total += bytesToRead;
        showProgress();
    }

    @Override
    public synchronized void bytesRead(String disk, long bytes) {
        running.get(disk).read += bytes;
        progress.add(bytes);
    }

    @Override
    public synchronized void diskDone(DiskRecord disk, long nanos) {
        doneWith(disk.name());
        if (!lastNamed.equals(disk.name())) {
            output.line("disk %s: done", disk.name());
            lastNamed = disk.name();
        }
        result(disk, nanos);
        if (!running.isEmpty()) {
            showProgress();
        }
        if (json != null) {
            disksDone.put(disk.number(), SnapshotJson.of(disk).put("seconds", nanos / 1e9));
            json.removeAll();
            json.addAll(disksDone.values());
        }
    }

    /** What was to be read of the disk no longer is; takes the progress off the terminal, so that words can follow. */
    private void doneWith(String disk) {
        Reading reading = running.remove(disk);
        if (reading != null) {
            total += reading.read - reading.planned;
        }
        if (progress != null) {
            progress.close();
        }
        if (running.isEmpty()) {
            progress = null;
            begun.clear();
            total = 0;
        }
    }

    private void showProgress() {
        String what = begun.size() == 1 ? begun.iterator().next() : begun.size() + " disks";
        progress = progress == null ? Progress.start(output, what, total, showProgress) : progress.restart(what, total);
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
    public synchronized void close() {
        if (progress != null) {
            progress.close();
        }
    }
}
