package io.varve.engine.backup;

import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;

/** What happens during a backup. Disks are called by their names. */
public sealed interface BackupEvent {
    /**
     * A disk begins; once per disk, and once more when it has to be read again, whole.
     *
     * @param reason code of the decision for this mode
     * @param bytesToRead what the plan of this disk comes to, without the audit
     */
    record DiskStarted(String disk, Mode mode, String reason, long bytesToRead) implements BackupEvent {}

    /** Some of a disk was read. By far the most frequent. */
    record BytesRead(String disk, long bytes) implements BackupEvent {}

    /**
     * A disk is done; the backup may still fail.
     *
     * @param nanos wall time the disk took, beside whatever others were read
     */
    record DiskDone(DiskRecord disk, long nanos) implements BackupEvent {}

    /**
     * Something took an unusual way; the backup goes on, and ends with warnings.
     *
     * @param code short and stable
     */
    record Warning(String code, String message) implements BackupEvent {}

    /**
     * A disk lost content since the machine's previous snapshot, in a way that no ordinary night does. Told after the
     * last read, before the commit. See {@link BackupJob#alarms()}.
     */
    record Raised(Alarm alarm) implements BackupEvent {}

    /** Something worth knowing. */
    record Notice(String message) implements BackupEvent {}

    /** The snapshot exists. What is told after that does not undo it. */
    record Committed(Snapshot snapshot) implements BackupEvent {}
}
