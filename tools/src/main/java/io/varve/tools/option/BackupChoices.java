package io.varve.tools.option;

import io.varve.engine.Pace;
import io.varve.engine.backup.BackupOptions;
import io.varve.store.snapshot.Labels;
import io.varve.tools.output.Printable;
import io.varve.tools.output.UsageException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    @Option(
            names = "--tag",
            paramLabel = "TAG",
            description = "Tag of the snapshot, for 'snapshots --tag' and 'forget --keep-tag'. Repeatable. Stored"
                    + " unencrypted.")
    private List<String> tags = new ArrayList<>();

    @Option(
            names = "--note",
            paramLabel = "TEXT",
            description = "A sentence about the snapshot, which 'show' prints. Stored unencrypted.")
    private String note;

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
                Set.copyOf(gone),
                labels());
    }

    private Labels labels() throws UsageException {
        Labels labels = new Labels(tags, Optional.ofNullable(note));
        Optional<String> fault = labels.fault();
        if (fault.isPresent()) {
            throw new UsageException("--tag, --note: " + Printable.name(fault.get()));
        }
        return labels;
    }

    /** Returns how many workers there may be. */
    public int threads() throws UsageException {
        return threads.count();
    }

    /** Returns the limits of reading and writing. */
    public Pace pace() throws UsageException {
        return pace.pace();
    }

    /** Returns how long to wait for a command that must write alone. */
    public Duration patience() {
        return wait.patience();
    }
}
