package io.varve.engine.backup;

import io.varve.engine.Pace;
import io.varve.store.chunk.Compression;
import io.varve.store.snapshot.Labels;
import java.util.Set;

/**
 * @param threads processors to use for all disks together, at least 1; at most twice as many runs are in memory
 * @param runSize most bytes read at once
 * @param auditFraction of the unchanged blocks to check each night, 0 to 1; negative for the default
 *     ({@link io.varve.engine.plan.AuditRound#budget})
 * @param auditSeed for the order in which a disk's blocks are checked, if it has none yet
 * @param compression of new blocks, and of the leaves of the map; its upper pages get the default
 * @param pace limits reads from disks and appends to packs
 * @param disksAtOnce how many disks may be read at the same time, at least 1; memory does not depend on it
 * @param requireFrozen whether the backup fails if a source can be, or was, written to
 * @param gone names of disks that the machine no longer has: no alarm when they are missing
 * @param labels tags and note of the snapshot
 */
public record BackupOptions(
        int threads,
        int runSize,
        double auditFraction,
        long auditSeed,
        Compression compression,
        Pace pace,
        int disksAtOnce,
        boolean requireFrozen,
        Set<String> gone,
        Labels labels) {
    /** Bytes of a run by default. */
    public static final int DEFAULT_RUN_SIZE = 1 << 20;

    /** Two by default: while one disk waits for its source, another keeps the processors busy. */
    public static final int DEFAULT_DISKS_AT_ONCE = 2;

    /** LZ4, without rate limits. */
    public BackupOptions(int threads, int runSize, double auditFraction, long auditSeed) {
        this(threads, runSize, auditFraction, auditSeed, Compression.LZ4, Pace.UNLIMITED, DEFAULT_DISKS_AT_ONCE);
    }

    /** A source that is not frozen is backed up with a warning. */
    public BackupOptions(
            int threads,
            int runSize,
            double auditFraction,
            long auditSeed,
            Compression compression,
            Pace pace,
            int disksAtOnce) {
        this(threads, runSize, auditFraction, auditSeed, compression, pace, disksAtOnce, false, Set.of());
    }

    /** A snapshot without tags and note. */
    public BackupOptions(
            int threads,
            int runSize,
            double auditFraction,
            long auditSeed,
            Compression compression,
            Pace pace,
            int disksAtOnce,
            boolean requireFrozen,
            Set<String> gone) {
        this(
                threads,
                runSize,
                auditFraction,
                auditSeed,
                compression,
                pace,
                disksAtOnce,
                requireFrozen,
                gone,
                Labels.NONE);
    }

    /** The same, and no unchanged block is compared. */
    public BackupOptions withoutAudit() {
        return new BackupOptions(
                threads, runSize, 0, auditSeed, compression, pace, disksAtOnce, requireFrozen, gone, labels);
    }

    public BackupOptions {
        gone = Set.copyOf(gone);
        if (threads < 1 || runSize < 1 || auditFraction > 1 || disksAtOnce < 1) {
            throw new IllegalArgumentException("threads " + threads + ", run " + runSize + ", audit " + auditFraction
                    + ", disks at once " + disksAtOnce);
        }
    }
}
