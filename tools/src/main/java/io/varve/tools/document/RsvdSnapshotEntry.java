package io.varve.tools.document;

@Says("A snapshot at the server.")
public record RsvdSnapshotEntry(
        @Says("Its id") String setSnapshotId,
        @Says("Whether it is complete") boolean isComplete,

        @Says("Whether it is one of a virtual machine; others belong to replication")
        boolean isOfMachine) {}
