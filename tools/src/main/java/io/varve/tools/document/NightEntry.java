package io.varve.tools.document;

@Says("What was backed up in a night, whatever started it.")
public record NightEntry(
        @Says("Day on which the night began") String date,
        @Says("Backups without a warning") int doneCount,
        @Says("Backups with warnings") int warningCount,
        @Says("Backups that failed") int failedCount,
        @Says("What was read from sources, in bytes") long readBytes,
        @Says("What was added to the repository, in bytes") long storedBytes,
        @Says("What had changed, in bytes") long changedBytes,

        @Says("How long the backups took together, in seconds")
        double seconds) {}
