package io.varve.tools.document;

import java.util.List;

@Says("How the disks of two snapshots differ.")
public record DiffDocument(
        @Says("One entry for each disk, also for those that are equal")
        List<DiskDifferenceEntry> differences) {}
