package io.varve.engine.backup;

import io.varve.store.snapshot.DiskRecord;

/**
 * Told how a backup goes. Methods are called from any worker, several at once, and of several disks in turn; they must
 * be quick. Disks are called by their names.
 */
public interface BackupListener {
    /**
     * Once per disk, and once more when the disk has to be read again, whole.
     *
     * @param bytesToRead what the plan of this disk comes to, without the audit
     */
    void diskStarted(String disk, Mode mode, String reason, long bytesToRead);

    void bytesRead(String disk, long bytes);

    /** @param nanos wall time the disk took, beside whatever others were read */
    void diskDone(DiskRecord disk, long nanos);

    /** Something took an unusual way; the backup goes on, and ends with warnings. */
    void warning(String code, String message);

    /**
     * A disk lost content since the machine's previous snapshot, in a way that no ordinary night does. Told after the
     * last read, before the commit; a warning unless somebody makes more of it. See {@link BackupJob#alarms()}.
     */
    default void alarm(Alarm alarm) {
        warning(alarm.code(), alarm.message());
    }

    /** Something worth knowing. */
    void notice(String message);
}
