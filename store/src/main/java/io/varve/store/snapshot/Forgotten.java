package io.varve.store.snapshot;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.CorruptDataException;
import io.varve.store.chunk.ChunkId;
import io.varve.store.json.JsonFields;
import io.varve.store.json.SealedJson;
import java.time.Instant;

/**
 * That a snapshot was forgotten on purpose: what remains of it for good, so that a manifest that vanished otherwise
 * shows as what it is.
 *
 * @param digest of the manifest's file, as the machine's next manifest links to it
 * @param forgottenAt for people
 */
public record Forgotten(SnapshotId id, String machine, ChunkId digest, Instant forgottenAt) {
    static final String DIRECTORY = "forgotten";
    private static final String SUFFIX = ".json";

    static String objectName(SnapshotId id) {
        return DIRECTORY + "/" + id.text() + SUFFIX;
    }

    /** Whether that of a record has this form. */
    public static boolean isObjectName(String name) {
        return name.startsWith(DIRECTORY + "/")
                && name.endsWith(SUFFIX)
                && SnapshotId.isId(name.substring(DIRECTORY.length() + 1, name.length() - SUFFIX.length()));
    }

    /** Where the manifest lies until it is collected. */
    static String trashName(SnapshotId id) {
        return "trash/" + id.objectName();
    }

    byte[] encode() {
        ObjectNode json = SealedJson.newObject()
                .put("format", 1)
                .put("snapshot", id.text())
                .put("machine", machine)
                .put("manifestDigest", digest.hex())
                .put("forgottenAt", forgottenAt.toString());
        return SealedJson.encode(json);
    }

    static Forgotten decode(byte[] file, String name) throws CorruptDataException {
        JsonFields json = SealedJson.decode(file, name);
        json.number("format", 1, 1);
        SnapshotId id = SnapshotId.decode(json.text("snapshot"), name);
        if (!name.equals(objectName(id))) {
            throw new CorruptDataException(name, -1, "the record of the snapshot in its name", "that of " + id);
        }
        return new Forgotten(id, json.text("machine"), json.id("manifestDigest"), json.time("forgottenAt"));
    }
}
