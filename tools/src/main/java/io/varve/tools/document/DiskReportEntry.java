package io.varve.tools.document;

import java.util.Optional;

@Says("A disk at the last backup of its machine.")
public record DiskReportEntry(
        @Says("Its name") String name,

        @Says("How it was read, such as full or incremental")
        String mode,

        @Says("Why it was read so") String reason,
        @Says("Size of the disk, in bytes") long size,
        @Says("What had changed, in bytes") long changedBytes,
        @Says("What was read, in bytes") long readBytes,
        @Says("What was added to the repository, in bytes") long storedBytes,

        @Says("Rate, in bytes per second; absent where nothing was read")
        Optional<Long> bytesPerSecond,

        @Says("How many of its newest backups in a row read it whole because its list could not be trusted")
        int demotedNightCount) {}
