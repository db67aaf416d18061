package io.varve.engine.backup;

import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;

/** What happens during a backup. Disks are called by their names. */
public sealed interface BackupEvent {
    /**
     * A disk begins; once per disk, and once more when it has to be read again, whole.
     *
     * @param reason reason code of the mode
     * @param bytesToRead bytes in the plan of this disk, without the audit
     */
    record DiskStarted(String disk, Mode mode, String reason, long bytesToRead) implements BackupEvent {}

    /** A part of a disk was read. By far the most frequent event. */
    record BytesRead(String disk, long bytes) implements BackupEvent {}

    /**
     * A disk is done; the backup may still fail.
     *
     * @param nanos wall time of the disk, including time shared with other disks
     */
    record DiskDone(DiskRecord disk, long nanos) implements BackupEvent {}

    /**
     * Something unusual happened; the backup continues and ends with warnings.
     *
     * @param code short and stable
     */
    record Warning(String code, String message) implements BackupEvent {}

    /**
     * A disk lost content since the machine's previous snapshot in an unusual way. Sent after the last read, before the
     * commit. See {@link BackupJob#alarms()}.
     */
    record Raised(Alarm alarm) implements BackupEvent {}

    /** Something worth knowing. */
    record Notice(String message) implements BackupEvent {}

    /** The snapshot exists. Later events do not undo it. */
    record Committed(Snapshot snapshot) implements BackupEvent {}

    /**
     * The last event of a backup that was committed: the source was let go, cleanly or with a warning.
     *
     * @param freezeNanos until the source was frozen and opened
     * @param releaseNanos after the commit, until it was let go
     */
    record Released(long freezeNanos, long releaseNanos) implements BackupEvent {}
}
