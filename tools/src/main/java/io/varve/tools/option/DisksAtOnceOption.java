package io.varve.tools.option;

import io.varve.engine.backup.BackupOptions;
import io.varve.tools.output.UsageException;
import picocli.CommandLine.Option;

/** How many disks are read at the same time. */
public final class DisksAtOnceOption {
    private static final int MOST = 64;

    @Option(
            names = "--disks-at-once",
            paramLabel = "N",
            description = "Number of disks to read at the same time; they share the workers. Default: "
                    + BackupOptions.DEFAULT_DISKS_AT_ONCE + ".")
    private int disks = BackupOptions.DEFAULT_DISKS_AT_ONCE;

    public int count() throws UsageException {
        if (disks < 1 || disks > MOST) {
            throw new UsageException("--disks-at-once is a number from 1 to " + MOST + ", not " + disks);
        }
        return disks;
    }
}
