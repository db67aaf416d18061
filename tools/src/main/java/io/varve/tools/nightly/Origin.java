package io.varve.tools.nightly;

import io.varve.engine.Cancellation;
import io.varve.engine.port.CheckpointDisk;
import io.varve.engine.port.CheckpointSource;
import io.varve.store.Repository;
import io.varve.tools.output.Output;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Where the disks of a planned machine come from. */
sealed interface Origin permits FilesOrigin, HyperVOrigin, VssOrigin, FailedOrigin {
    /**
     * Opens what the backup needs; the caller closes it after the backup.
     *
     * @param output of this machine alone
     */
    Opened open(Repository repository, Output output, Cancellation cancellation) throws IOException;

    /** What a dry run shows: a line for each disk or file, or for the machine. */
    List<String> lines();

    /** Its disks as {@code varve backup} takes them; none if only the source knows them. */
    default List<String> disks() {
        return List.of();
    }

    /** Opens the disks as they are now, for a comparison; whoever opens them closes them. */
    @FunctionalInterface
    interface Live {
        List<CheckpointDisk> open(Output output) throws IOException;
    }

    /**
     * An opened origin.
     *
     * @param freezes whether the source itself freezes its disks, so that nobody else may write to them
     * @param live empty if the disks cannot be read beside a backup
     */
    record Opened(CheckpointSource source, boolean freezes, Optional<Live> live, Closeable closing)
            implements Closeable {
        @Override
        public void close() throws IOException {
            closing.close();
        }
    }
}
