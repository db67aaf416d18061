package io.varve.bench;

import io.varve.engine.backup.BackupListener;
import io.varve.engine.backup.Mode;
import io.varve.store.snapshot.DiskRecord;

/** Tells nobody anything; a warning ends the benchmark, since then something else was measured than was meant. */
final class SilentBackup implements BackupListener {
    @Override
    public void diskStarted(String name, Mode mode, String reason, long bytesToRead) {}

    @Override
    public void bytesRead(String name, long count) {}

    @Override
    public void diskDone(DiskRecord done, long nanos) {}

    @Override
    public void warning(String code, String message) {
        throw new IllegalStateException("not what was to be measured: " + message);
    }

    @Override
    public void notice(String message) {}
}
