package io.varve.tools.document;

import java.util.List;

@Says("What the check found.")
public record FsckDocument(
        @Says("Snapshots there are") int snapshotCount,
        @Says("Packs there are") int packCount,
        @Says("Packs that this check read") int readPackCount,
        @Says("Distinct chunks that snapshots need") long chunkCount,
        @Says("Distinct pages of their block maps") long mapPageCount,
        @Says("What was read of the packs, in bytes") long readBytes,
        @Says("Chunks that no snapshot needs") long unusedChunkCount,
        @Says("Their size, in bytes, within two percent") long unusedBytes,
        @Says("Findings that are counted and not listed") long unlistedFindingCount,

        @Says("When packs were last read, at least by the hashes of stored bytes; this check included")
        ReadCoverageEntry readCoverage,

        @Says("When packs were last read by the ids of chunks; this check included")
        ReadCoverageEntry deepReadCoverage,

        @Says("The findings, at most 10,000") List<FindingEntry> findings,

        @Says("What the damage means for the disks of snapshots")
        List<AffectedDiskEntry> affectedDisks) {}
