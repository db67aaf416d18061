package io.varve.tools.document;

@Says("A disk as a job read it.")
public record JobDiskEntry(
        @Says("Its name") String name,

        @Says("How it was read, such as full or incremental")
        String mode,

        @Says("Why it was read so") String reason,
        @Says("Size of the disk, in bytes") long size,
        @Says("What the backup processed, in bytes") long changedBytes,
        @Says("What was read from the source, in bytes") long readBytes,
        @Says("What was added to the repository, in bytes") long storedBytes,
        @Says("How long it took, in seconds") double seconds) {}
