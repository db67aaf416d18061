package io.varve.tools.document;

import java.util.Optional;

@Says("A disk that a backup would read.")
public record PlannedDiskEntry(
        @Says("Its position, from 1") int number,
        @Says("Its name") String name,
        @Says("File or device it would be read from") String source,
        @Says("Format of that file") String format,
        @Says("Its size, in bytes") long sizeBytes,

        @Says("Name of the disk of the previous snapshot that it would be compared with; absent if there is none")
        Optional<String> pairedDiskName,

        @Says("How it would be read: full, incremental or demoted")
        String mode,

        @Says("Why it would be read so, as a code") String reasonCode,
        @Says("Why it would be read so") String reason,

        @Says("What would be read, in bytes; unchanged content takes no space")
        long plannedReadBytes,

        @Says("About what would be read besides to check the change list, in bytes")
        long plannedAuditBytes) {}
