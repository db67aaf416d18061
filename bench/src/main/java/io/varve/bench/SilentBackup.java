package io.varve.bench;

import io.varve.engine.backup.BackupEvent;
import io.varve.engine.backup.BackupListener;

/** Tells nobody anything; a warning ends the benchmark, since then something else was measured than was meant. */
final class SilentBackup implements BackupListener {
    @Override
    public void on(BackupEvent event) {
        if (event instanceof BackupEvent.Warning || event instanceof BackupEvent.Raised) {
            throw new IllegalStateException("not what was to be measured: " + event);
        }
    }
}
