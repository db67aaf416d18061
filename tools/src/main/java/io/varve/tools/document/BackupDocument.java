package io.varve.tools.document;

import java.util.List;
import java.util.Optional;

@Says("The backup of a machine.")
public record BackupDocument(
        @Says("The disks, as far as they were read") List<DiskEntry> disks,

        @Says(
                value = "Whether the snapshot exists; absent if the backup did not begin",
                words = {"committed", "not-committed", "unknown"})
        Optional<String> outcome,

        @Says("Id of the snapshot; absent unless it was committed")
        Optional<String> snapshotId,

        @Says("How long the backup took, in seconds; absent unless it was committed")
        Optional<Double> seconds) {}
