package io.varve.engine.backup;

/**
 * Told how a backup goes. Called from any worker, several at once, and of several disks in turn; it must be quick and
 * must not throw.
 */
@FunctionalInterface
public interface BackupListener {
    void on(BackupEvent event);

    /** Tells both, this one first. */
    default BackupListener and(BackupListener other) {
        return event -> {
            on(event);
            other.on(event);
        };
    }
}
