package io.varve.bench;

import io.varve.adapters.DiskImages;
import io.varve.adapters.file.FileCheckpoint;
import io.varve.adapters.file.Reader;
import io.varve.engine.Cancellation;
import io.varve.engine.backup.BackupJob;
import io.varve.engine.backup.BackupOptions;
import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.CheckpointDisk;
import io.varve.store.Repository;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** One backup of one raw disk without a change list, by all processors. */
final class BenchBackup {
    private BenchBackup() {}

    static Snapshot run(Repository repository, Path disk) throws IOException {
        int threads = Runtime.getRuntime().availableProcessors();
        BackupOptions options = new BackupOptions(threads, BackupOptions.DEFAULT_RUN_SIZE, 0, 1);
        try (WriteSession session = WriteSession.open(repository, "benchmark", Duration.ofMinutes(1), notice -> {})) {
            return new BackupJob(session, options, new SilentBackup(), new Cancellation(), "bench")
                    .run(
                            "bench",
                            previous -> new FileCheckpoint(List.of(new CheckpointDisk(
                                    "disk", true, DiskImages.open(disk, Reader.AUTO), ChangeTracker.none()))));
        }
    }
}
