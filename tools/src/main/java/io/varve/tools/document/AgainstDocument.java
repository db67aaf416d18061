package io.varve.tools.document;

import java.util.List;

@Says("With --against: how the disk compares with the snapshot.")
public record AgainstDocument(
        @Says("Id of the snapshot") String snapshotId,
        @Says("Name of the disk in the snapshot") String diskName,
        @Says("The disk it was compared with") String against,
        @Says("Size of the disk, in bytes") long size,

        @Says("Size of the disk it was compared with, in bytes")
        long againstSize,

        @Says("What was read to compare, in bytes") long readBytes,
        @Says("How much differs, in bytes") long differingBytes,
        @Says("Whether ranges has all that differ") boolean rangesComplete,
        @Says("The ranges that differ") List<RangeEntry> ranges) {}
