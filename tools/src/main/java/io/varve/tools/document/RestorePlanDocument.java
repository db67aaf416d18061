package io.varve.tools.document;

import java.util.Optional;

@Says("With --dry-run: what a restore would do.")
public record RestorePlanDocument(
        @Says("Always true: nothing was done") boolean dryRun,
        @Says("Id of the snapshot") String snapshotId,
        @Says("Name of the disk") String diskName,
        @Says("File or device that would be written") String target,
        @Says("Format of the target") String format,
        @Says("Size of the disk, in bytes") long sizeBytes,

        @Says("What of the disk is not zeros, in bytes") long dataBytes,

        @Says("Room for a new file, in bytes; absent if none would be made")
        Optional<Long> freeBytes) {}
