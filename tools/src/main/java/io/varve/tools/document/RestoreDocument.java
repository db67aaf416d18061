package io.varve.tools.document;

import java.util.List;

@Says("A disk that was restored.")
public record RestoreDocument(
        @Says("Id of its snapshot") String snapshotId,
        @Says("Name of the disk") String diskName,
        @Says("File or device that it was written to") String target,
        @Says("What was written, in bytes") long writtenBytes,
        @Says("What already matched, in bytes") long unchangedBytes,
        @Says("What is zero, in bytes") long zeroBytes,

        @Says("What was damaged and written as zeros, in bytes")
        long damagedBytes,

        @Says("How long it took, in seconds") double seconds,
        @Says("Where the damaged bytes are on the disk") List<RangeEntry> damagedRanges) {}
