package io.varve.tools.document;

@Says("A disk of a machine that was put back to the state of a snapshot.")
public record RolledBackDiskEntry(
        @Says("Its name in the snapshot") String disk,

        @Says("The file, as this computer calls it") String file,

        @Says("Bytes that differed and were written") long writtenBytes,

        @Says("Bytes that were compared and did not differ") long unchangedBytes) {}
