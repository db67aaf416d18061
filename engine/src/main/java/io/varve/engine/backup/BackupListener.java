package io.varve.engine.backup;

/**
 * Receives the events of a backup. Called from any worker, from several at once, with events of different disks
 * interleaved. It must be quick and must not throw.
 */
@FunctionalInterface
public interface BackupListener {
    void on(BackupEvent event);

    /** A listener that calls both, this one first. */
    default BackupListener and(BackupListener other) {
        return event -> {
            on(event);
            other.on(event);
        };
    }
}
