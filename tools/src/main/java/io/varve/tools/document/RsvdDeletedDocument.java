package io.varve.tools.document;

@Says("A snapshot at the server was deleted.")
public record RsvdDeletedDocument(
        @Says("The disk") String file,
        @Says("Id of the snapshot") String setSnapshotId) {}
