package io.varve.tools.output;

import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Manifest;
import io.varve.store.snapshot.Snapshot;
import io.varve.tools.document.DiskEntry;
import io.varve.tools.document.FileEntry;
import io.varve.tools.document.SnapshotEntry;
import java.util.Optional;

/** Converts snapshots and their disks to documents. */
public final class SnapshotEntries {
    private SnapshotEntries() {}

    /** For a command that does not determine what protects the snapshot. */
    public static SnapshotEntry of(Snapshot snapshot) {
        return of(snapshot, Optional.empty(), Optional.empty());
    }

    /**
     * @param isProtected empty if the command does not ask
     * @param holdId empty if there is no hold
     */
    public static SnapshotEntry of(Snapshot snapshot, Optional<Boolean> isProtected, Optional<String> holdId) {
        Manifest manifest = snapshot.manifest();
        return new SnapshotEntry(
                snapshot.id().text(),
                manifest.machine(),
                manifest.host(),
                manifest.startedAt(),
                manifest.finishedAt(),
                manifest.consistency(),
                manifest.writer(),
                manifest.sequence(),
                manifest.parent().map(Object::toString),
                manifest.disks().stream().map(SnapshotEntries::of).toList(),
                manifest.machineGuid(),
                manifest.sourceState(),
                manifest.files().stream()
                        .map(file -> new FileEntry(file.name(), file.size()))
                        .toList(),
                manifest.labels().tags(),
                manifest.labels().note(),
                isProtected,
                holdId);
    }

    static DiskEntry of(DiskRecord disk) {
        return of(disk, Optional.empty());
    }

    /** @param seconds how long its backup took */
    static DiskEntry of(DiskRecord disk, Optional<Double> seconds) {
        return new DiskEntry(
                disk.number(),
                disk.name(),
                disk.guid(),
                disk.source(),
                disk.format(),
                disk.size(),
                disk.mapRoot().hex(),
                disk.changeToken(),
                disk.mode(),
                disk.reasonCode(),
                disk.reason(),
                disk.counters().changed(),
                disk.counters().read(),
                disk.counters().zero(),
                disk.counters().added(),
                disk.counters().stored(),
                disk.counters().audited(),
                AuditText.entry(disk),
                seconds);
    }
}
