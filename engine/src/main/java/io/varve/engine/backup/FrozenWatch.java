package io.varve.engine.backup;

import io.varve.engine.port.CheckpointDisk;
import io.varve.engine.port.Disturbance;
import io.varve.engine.port.SourceException;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Checks before the first read and after the last whether the disks are frozen, and reports each disturbance once. For
 * one thread.
 */
final class FrozenWatch {
    private final boolean required;
    private final BackupListener listener;
    private final Set<Disturbance> told = new HashSet<>();

    FrozenWatch(boolean required, BackupListener listener) {
        this.required = required;
        this.listener = listener;
    }

    /** @throws SourceException when a disk is not frozen although it has to be, or when a file has become shorter */
    void look(List<CheckpointDisk> disks) throws IOException {
        for (CheckpointDisk disk : disks) {
            for (Disturbance disturbance : disk.image().disturbances()) {
                if (told.add(disturbance)) {
                    tell(disk, disturbance);
                }
            }
        }
    }

    private void tell(CheckpointDisk disk, Disturbance disturbance) throws SourceException {
        String message = "disk " + disk.name() + ": " + disturbance.what();
        if (required) {
            throw new SourceException(message + ". Refused because of --require-frozen; nothing was committed. Back up"
                    + " a checkpoint or snapshot of it instead, or omit the option");
        }
        listener.on(new BackupEvent.Warning(
                disturbance.code(),
                message + ". The snapshot may mix states of the disk and is marked fuzzy: back up a"
                        + " checkpoint or snapshot of it instead"));
    }

    /** Whether anything was reported. */
    boolean isDisturbed() {
        return !told.isEmpty();
    }
}
