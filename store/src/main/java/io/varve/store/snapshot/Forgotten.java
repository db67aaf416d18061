package io.varve.store.snapshot;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.chunk.ChunkId;
import io.varve.store.crypt.LockedRepositoryException;
import io.varve.store.crypt.Protection;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.json.JsonFields;
import io.varve.store.json.SealedJson;
import java.time.Instant;
import java.util.Optional;

/**
 * The permanent record that a snapshot was forgotten on purpose. It distinguishes a forgotten manifest from a lost one.
 *
 * <p>It also keeps the manifest's reference to its predecessor, so forgetting does not break the chain that orders
 * later snapshots. Records of older builds lack it.
 *
 * @param digest of the manifest's file, as the machine's next manifest links to it
 * @param forgottenAt for people
 * @param parent the snapshot before it
 * @param link digest of that one's manifest
 * @param sequence its own place among the machine's snapshots
 * @param signed whether it has a MAC; without the key the MAC has not been verified
 */
public record Forgotten(
        SnapshotId id,
        String machine,
        ChunkId digest,
        Instant forgottenAt,
        Optional<SnapshotId> parent,
        Optional<ChunkId> link,
        Optional<Long> sequence,
        boolean signed) {
    static final String DIRECTORY = "forgotten";
    private static final String SUFFIX = ".json";

    /** The record of a snapshot that is to be forgotten now. */
    static Forgotten now(Snapshot snapshot, ChunkId digest) {
        Manifest manifest = snapshot.manifest();
        return new Forgotten(
                snapshot.id(),
                manifest.machine(),
                digest,
                Instant.now(),
                manifest.parent(),
                manifest.link(),
                manifest.sequence(),
                false);
    }

    static String objectName(SnapshotId id) {
        return DIRECTORY + "/" + id.text() + SUFFIX;
    }

    /** Whether that of a record has this form. */
    public static boolean isObjectName(String name) {
        return name.startsWith(DIRECTORY + "/")
                && name.endsWith(SUFFIX)
                && SnapshotId.isId(name.substring(DIRECTORY.length() + 1, name.length() - SUFFIX.length()));
    }

    /** The snapshot of the record with this name. */
    static SnapshotId idOf(String objectName) {
        return new SnapshotId(objectName.substring(DIRECTORY.length() + 1, objectName.length() - SUFFIX.length()));
    }

    /** The object name of the manifest until it is collected. */
    static String trashName(SnapshotId id) {
        return "trash/" + id.objectName();
    }

    /** The record's file, with a MAC if the repository is encrypted and unlocked. */
    byte[] encode(Protection protection) throws LockedRepositoryException {
        ObjectNode json = SealedJson.newObject()
                .put("format", 1)
                .put("snapshot", id.text())
                .put("machine", machine)
                .put("manifestDigest", digest.hex())
                .put("forgottenAt", forgottenAt.toString())
                .put("parent", parent.map(SnapshotId::text).orElse(null))
                .put("link", link.map(ChunkId::hex).orElse(null));
        sequence.ifPresent(number -> json.put("sequence", number));
        return protection.authenticates() ? protection.encode(objectName(id), json) : SealedJson.encode(json);
    }

    /** @throws io.varve.store.crypt.ForgedDocumentException when it has a MAC that was not made with the key */
    static Forgotten decode(byte[] file, String name, Protection protection) throws CorruptDataException {
        JsonFields json = SealedJson.decode(file, name);
        json.number("format", 1, 1);
        SnapshotId id = SnapshotId.decode(json.text("snapshot"), name);
        if (!name.equals(objectName(id))) {
            throw new CorruptDataException(name, -1, "the record of the snapshot in its name", "that of " + id);
        }
        boolean signed = !json.isAbsent("mac");
        if (signed) {
            protection.check(name, json);
        }
        Optional<String> parent = json.optionalText("parent");
        return new Forgotten(
                id,
                json.text("machine"),
                json.id("manifestDigest"),
                json.time("forgottenAt"),
                parent.isPresent() ? Optional.of(SnapshotId.decode(parent.get(), name)) : Optional.empty(),
                json.isAbsent("link") ? Optional.empty() : Optional.of(json.id("link")),
                json.isAbsent("sequence")
                        ? Optional.empty()
                        : Optional.of(json.number("sequence", 0, SnapshotHead.MAX_SEQUENCE)),
                signed);
    }
}
