package io.varve.tools.document;

@Says("What the snapshots of one day added.")
public record GrowthEntry(
        @Says("The day, where this computer is") String day,
        @Says("Snapshots of that day that are still there") int snapshotCount,

        @Says("What their backups processed, in bytes") long changedBytes,
        @Says("What they added to the repository, in bytes") long storedBytes) {}
