package io.varve.store.check;

import io.varve.store.snapshot.SnapshotId;
import java.util.List;

/**
 * The result of a check.
 *
 * @param findings at most {@link Fsck#MAX_FINDINGS}; {@code findingsLeftOut} says how many more there were
 * @param affected snapshots and disks affected by the damage
 * @param bytesRead bytes of packs read, at the deeper levels
 * @param chunks distinct ones
 * @param unusedChunks chunks that no snapshot refers to
 * @param unusedBytes size of these, within two per cent
 * @param read when packs were last read, at least by the hashes of stored bytes; this check included
 * @param deepRead when packs were last read, by the ids of chunks
 */
public record FsckReport(
        List<Finding> findings,
        long findingsLeftOut,
        List<AffectedDisk> affected,
        int snapshots,
        int packs,
        int packsRead,
        long chunks,
        long mapPages,
        long bytesRead,
        long unusedChunks,
        long unusedBytes,
        ReadCoverage read,
        ReadCoverage deepRead) {

    /**
     * Part of a disk that cannot be restored. Offsets in the virtual disk.
     *
     * @param number 0 when the whole snapshot is lost
     * @param ranges the first of them
     * @param rangesLeftOut how many more there are
     */
    public record AffectedDisk(
            SnapshotId snapshot,
            String machine,
            int number,
            String name,
            List<DamagedRange> ranges,
            long rangesLeftOut,
            long damagedBytes) {}

    /** @param offset in the virtual disk */
    public record DamagedRange(long offset, long length) {}

    public boolean hasErrors() {
        return findings.stream().anyMatch(finding -> finding.severity() == Finding.Severity.ERROR);
    }

    /** Errors, with the findings that were left out counted as such. */
    public long errorCount() {
        return findings.stream()
                        .filter(finding -> finding.severity() == Finding.Severity.ERROR)
                        .count()
                + findingsLeftOut;
    }

    public boolean hasWarnings() {
        return findings.stream().anyMatch(finding -> finding.severity() == Finding.Severity.WARNING);
    }
}
