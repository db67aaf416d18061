package io.varve.store.snapshot;

import io.varve.store.backend.Backend;
import io.varve.store.backend.WholeObject;
import io.varve.store.json.JsonFields;
import io.varve.store.json.SealedJson;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;

/**
 * Takes the name of a manifest that somebody who is taken for dead may be about to publish. Whichever of the two comes
 * first decides whether the snapshot exists ({@code docs/protocol.md}, section 7). A refusal stays for ever, since
 * nobody knows how long a frozen process stays frozen.
 */
public final class Refusal {
    private static final String SESSION = "refusedSession";

    private Refusal() {}

    /**
     * Refuses a snapshot.
     *
     * @param session whose commit is refused, for people
     * @return false if the name is taken: by the manifest, so that the snapshot exists, or by an earlier refusal
     */
    public static boolean publish(Backend backend, SnapshotId id, String session) throws IOException {
        byte[] file = SealedJson.encode(SealedJson.newObject().put("format", 1).put(SESSION, session));
        try {
            WholeObject.publish(backend, id.objectName(), file);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    /** Whether an object in the place of a manifest is a refusal. */
    static boolean isOne(JsonFields json) {
        return !json.isAbsent(SESSION);
    }

    /** Whether the name of a snapshot's manifest is taken by a refusal. */
    public static boolean isThere(Backend backend, SnapshotId id) throws IOException {
        String name = id.objectName();
        return isOne(SealedJson.decode(WholeObject.read(backend, name, SealedJson.MAX_SIZE), name));
    }
}
