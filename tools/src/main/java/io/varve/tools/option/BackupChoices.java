package io.varve.tools.option;

import io.varve.engine.backup.BackupOptions;
import io.varve.tools.output.UsageException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that every kind of backup has, whatever its source. */
public final class BackupChoices {
    @Option(
            names = "--gone",
            paramLabel = "NAME",
            description = "Disk of the previous snapshot that the machine no longer has. Otherwise a missing"
                    + " disk is a warning and places a hold. Repeatable.")
    private List<String> gone = new ArrayList<>();

    @Mixin
    private CompressionOption compression;

    @Mixin
    private ThreadsOption threads;

    @Mixin
    private DisksAtOnceOption disksAtOnce;

    @Mixin
    private PaceOptions pace;

    @Mixin
    private WaitOption wait;

    /**
     * Returns the options for the engine.
     *
     * @param auditShare share of the unchanged blocks to audit, 0 to 1; negative for the engine's default
     * @param requireFrozen whether to refuse a disk that another program could write to
     */
    public BackupOptions options(double auditShare, boolean requireFrozen) throws UsageException {
        return new BackupOptions(
                threads.count(),
                BackupOptions.DEFAULT_RUN_SIZE,
                auditShare,
                new SecureRandom().nextLong(),
                compression.compression(),
                pace.pace(),
                disksAtOnce.count(),
                requireFrozen,
                Set.copyOf(gone));
    }

    /** Returns how long to wait for a command that must write alone. */
    public Duration patience() {
        return wait.patience();
    }
}
