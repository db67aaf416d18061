package io.varve.engine.backup;

import io.varve.store.snapshot.DiskRecord;

/** Told how a backup goes. Methods may be called from any worker; they must be quick. */
public interface BackupListener {
    /** @param bytesToRead what the plan of this disk comes to */
    void diskStarted(String disk, Mode mode, String reason, long bytesToRead);

    void bytesRead(long bytes);

    /** @param nanos wall time the disk took */
    void diskDone(DiskRecord disk, long nanos);

    /** Something took an unusual way; the backup goes on, and ends with warnings. */
    void warning(String code, String message);

    /** Something worth knowing. */
    void notice(String message);
}
