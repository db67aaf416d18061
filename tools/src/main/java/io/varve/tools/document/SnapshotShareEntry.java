package io.varve.tools.document;

@Says("What only one snapshot needs.")
public record SnapshotShareEntry(
        @Says("Id of the snapshot") String snapshotId,
        @Says("Its machine") String machine,

        @Says("What would be freed if it alone were forgotten, in bytes")
        long aloneBytes) {}
