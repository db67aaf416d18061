package io.varve.tools.document;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

@Says("What the repository holds.")
public record StatsDocument(
        @Says("Its id") UUID repositoryId,
        @Says("Where it is") String location,
        @Says("Size of its blocks, in bytes") int blockSize,
        @Says("Snapshots there are") int snapshotCount,
        @Says("Machines they are of") int machineCount,

        @Says("Size of all disks of all snapshots, in bytes")
        long logicalBytes,

        @Says("What their backups processed, in bytes") long changedBytes,
        @Says("Blocks stored") long blockCount,
        @Says("Their size before compression, in bytes") long blockBytes,
        @Says("Their size as stored, in bytes") long blockStoredBytes,
        @Says("Pages of block maps") long mapPageCount,
        @Says("Their size as stored, in bytes") long mapPageStoredBytes,
        @Says("Packs there are") int packCount,
        @Says("Their size, in bytes") long packBytes,

        @Says("Size of the index in the repository, in bytes")
        long indexBytes,

        @Says("What the snapshots of each of the last days added, oldest first")
        List<GrowthEntry> growthDays,

        @Says("Who alone needs what, with --shares; absent without")
        Optional<SharesEntry> shares) {}
