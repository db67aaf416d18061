package io.varve.tools.document;

@Says("The snapshot that was exported.")
public record ExportDocument(
        @Says("Its id") String snapshotId,
        @Says("File or device that it was written to") String target,
        @Says("Chunks in the file") long chunkCount,
        @Says("Size of the file, in bytes") long exportedBytes,

        @Says("Whether every chunk was checked by its id, which needs the key, and not by its hash alone")
        boolean proven) {}
