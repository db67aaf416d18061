package io.varve.store.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.json.JsonFields;
import io.varve.store.json.SealedJson;
import io.varve.store.snapshot.SnapshotId;

/**
 * {@code export.json}, the last member, which proves that the export is complete.
 *
 * @param members number of members before this one
 * @param bytes number of bytes before this one
 * @param digest SHA-256 of all these bytes
 */
record ExportTrailer(SnapshotId snapshot, long members, long bytes, ChunkId digest) {
    static final String OBJECT = "export.json";
    private static final int FORMAT = 1;

    byte[] encode() {
        ObjectNode json = SealedJson.newObject()
                .put("format", FORMAT)
                .put("snapshot", snapshot.text())
                .put("members", members)
                .put("bytes", bytes)
                .put("sha256", digest.hex());
        return SealedJson.encode(json);
    }

    static ExportTrailer decode(byte[] content, String name) throws CorruptDataException {
        JsonFields json = SealedJson.decode(content, name);
        json.number("format", FORMAT, FORMAT);
        try {
            return new ExportTrailer(
                    new SnapshotId(json.text("snapshot")),
                    json.number("members", 0, Long.MAX_VALUE),
                    json.number("bytes", 0, Long.MAX_VALUE),
                    json.id("sha256"));
        } catch (IllegalArgumentException e) {
            throw json.wrong("snapshot", "a snapshot id");
        }
    }
}
