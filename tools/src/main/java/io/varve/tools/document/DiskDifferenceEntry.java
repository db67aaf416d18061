package io.varve.tools.document;

import java.util.List;
import java.util.Optional;

@Says("How a disk differs between two snapshots.")
public record DiskDifferenceEntry(
        @Says("Number of the disk in its snapshot, from 1") int number,
        @Says("Its name") String name,

        @Says("How much differs, in bytes; absent if only one snapshot has the disk")
        Optional<Long> differingBytes,

        @Says("In how many ranges; absent if only one snapshot has the disk")
        Optional<Long> differingRangeCount,

        @Says("The ranges; absent if there are more than 1,048,576 or only one snapshot has the disk")
        Optional<List<RangeEntry>> ranges,

        @Says("Id of the only snapshot that has the disk; absent if both have it")
        Optional<String> onlyInSnapshotId) {}
