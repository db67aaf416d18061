package io.varve.tools.document;

import java.util.Optional;
import java.util.UUID;

@Says("A disk of a snapshot.")
public record DiskEntry(
        @Says("Number of the disk in its snapshot, from 1") int number,
        @Says("Its name") String name,

        @Says("GUID of the disk; absent if its format has none")
        Optional<UUID> guid,

        @Says("Where it was read from") String source,
        @Says("Its format at the source") String format,
        @Says("Size of the disk, in bytes") long size,

        @Says("Id of the root of its block map; disks of equal content have equal roots")
        String mapRoot,

        @Says("Token that the next change list starts at; absent if there is none")
        Optional<String> changeToken,

        @Says("How it was read, such as full or incremental")
        String mode,

        @Says("Why it was read so, as a code of docs/operations.md")
        String reasonCode,

        @Says("Why it was read so") String reason,
        @Says("What the backup processed, in bytes") long changedBytes,
        @Says("What was read from the source, in bytes") long readBytes,
        @Says("What of the changed bytes is zero, in bytes") long zeroBytes,

        @Says("What was new to the repository, in bytes before compression")
        long newBytes,

        @Says("What was added to the repository, in bytes") long storedBytes,

        @Says("What was read only to check the change list, in bytes")
        long auditedBytes,

        @Says("How far the audit of the change lists has come; absent if there was none")
        Optional<AuditEntry> audit,

        @Says("How long it took, in seconds; absent except in the document of the backup itself")
        Optional<Double> seconds) {}
