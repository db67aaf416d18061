package io.varve.tools.document;

import java.util.List;

@Says("A disk of a snapshot that cannot be restored as a whole.")
public record AffectedDiskEntry(
        @Says("Id of the snapshot") String snapshotId,
        @Says("Its machine") String machine,

        @Says("Number of the disk in the snapshot; 0 if the whole snapshot is lost")
        int diskNumber,

        @Says("Name of the disk") String diskName,
        @Says("How much is lost, in bytes") long damagedBytes,

        @Says("The ranges of the disk that are lost, at most 1,000")
        List<RangeEntry> ranges,

        @Says("Further ranges that are lost and not listed") long unlistedRangeCount) {}
