package io.varve.store.snapshot;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.backend.Backend;
import io.varve.store.backend.InDoubtException;
import io.varve.store.backend.WholeObject;
import io.varve.store.chunk.ChunkHasher;
import io.varve.store.crypt.PlainProtection;
import io.varve.store.crypt.Protection;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.Reason;
import io.varve.store.fault.RefusedException;
import io.varve.store.fault.UnknownOutcomeException;
import io.varve.store.json.JsonFields;
import io.varve.store.json.SealedJson;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Forgets snapshots, brings them back, protects them. Forgetting moves a manifest to the trash in three steps, each of
 * which leaves it in at least one of the two places. After a crash in between the snapshot exists, and forgetting it
 * again completes the move. Chunks are not touched: only collection deletes a forgotten snapshot for good.
 *
 * <p>Threading: one thread at a time. Forgetting needs no lock. Bringing back needs one, since collection must not
 * delete at the same time.
 */
public final class SnapshotShelf {
    private static final String PROTECTED = "protected";

    private final Backend backend;
    private final Protection protection;
    private final ManifestRule rule;

    /** The shelf of any plain repository. */
    public SnapshotShelf(Backend backend) {
        this(backend, new PlainProtection(), ManifestRule.none());
    }

    /**
     * @param protection computes and verifies the MACs of records, if the repository is unlocked
     * @param rule decides which manifests belong to this repository
     */
    public SnapshotShelf(Backend backend, Protection protection, ManifestRule rule) {
        this.backend = backend;
        this.protection = protection;
        this.rule = rule;
    }

    /**
     * Forgets a snapshot that exists.
     *
     * @throws RefusedException when it is protected
     * @throws UnknownOutcomeException when the snapshot may be forgotten
     * @throws IOException when the repository cannot be written; the snapshot then still exists
     */
    public void forget(Snapshot snapshot) throws IOException {
        SnapshotId id = snapshot.id();
        if (isProtected(id)) {
            throw new RefusedException("snapshot " + id + " is protected; 'varve unprotect' it first");
        }
        byte[] manifest = read(id.objectName());
        Forgotten record = Forgotten.now(snapshot, new ChunkHasher().id(manifest));
        Optional<Forgotten> begun = find(id);
        if (begun.isPresent() && !begun.get().digest().equals(record.digest())) {
            throw new CorruptDataException(
                    id.objectName(),
                    -1,
                    "the manifest with digest " + begun.get().digest().hex() + ", which was to be forgotten",
                    "one with digest " + record.digest().hex());
        }
        if (begun.isEmpty()) {
            publish(Forgotten.objectName(id), record.encode(protection));
        }
        publishOnce(Forgotten.trashName(id), manifest);
        try {
            backend.delete(id.objectName());
        } catch (InDoubtException e) {
            throw inDoubt("snapshot " + id + " may or may not have been forgotten", "varve snapshots", e);
        }
    }

    /** The exception for a change that may have taken effect. */
    private static UnknownOutcomeException inDoubt(String what, String look, InDoubtException e) {
        return new UnknownOutcomeException(
                what + ": " + e.getMessage() + "; check with '" + look + "', and repeat the command if needed", e);
    }

    /** The record of a forgotten snapshot; also when forgetting was interrupted and the snapshot still exists. */
    public Optional<Forgotten> find(SnapshotId id) throws IOException {
        try {
            return Optional.of(decode(Forgotten.objectName(id)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Records of all snapshots ever forgotten, in no particular order; damaged ones go to {@code damaged}. */
    public List<Forgotten> forgotten(List<CorruptDataException> damaged) throws IOException {
        List<Forgotten> records = new ArrayList<>();
        for (String name : recordNames()) {
            try {
                records.add(decode(name));
            } catch (CorruptDataException e) {
                damaged.add(e);
            } catch (NoSuchFileException e) {
                // Brought back between listing and reading.
            }
        }
        return records;
    }

    /** Ids of all snapshots ever forgotten; those whose record is damaged were forgotten, too. */
    public Set<SnapshotId> forgottenIds() throws IOException {
        return recordNames().stream().map(Forgotten::idOf).collect(Collectors.toSet());
    }

    private List<String> recordNames() throws IOException {
        List<String> names = new ArrayList<>();
        backend.list(Forgotten.DIRECTORY, (name, size) -> {
            if (Forgotten.isObjectName(name)) {
                names.add(name);
            }
        });
        return names;
    }

    /** Ids of forgotten snapshots that can be brought back, since they were not collected yet. */
    public Set<SnapshotId> inTrash() throws IOException {
        Set<SnapshotId> ids = new HashSet<>();
        backend.list("trash/snapshots", (name, size) -> {
            SnapshotId id = SnapshotId.ofObject(name.substring("trash/".length()));
            if (id != null) {
                ids.add(id);
            }
        });
        return ids;
    }

    /**
     * The manifest of a forgotten snapshot.
     *
     * @throws NoSuchFileException when it was collected, or never forgotten
     */
    public Snapshot readTrash(SnapshotId id) throws IOException {
        String name = Forgotten.trashName(id);
        byte[] file = read(name);
        Manifest manifest = Manifest.decode(file, name);
        rule.check(manifest, name);
        return new Snapshot(id, manifest, new ChunkHasher().id(file));
    }

    /**
     * Brings back a forgotten snapshot. The caller has made sure that all its packs exist and that no collection runs
     * meanwhile.
     *
     * @param leftover receives messages about traces of the forgetting that could not be removed; the snapshot is back
     *     anyway
     * @throws NoSuchFileException when it was collected, or never forgotten
     * @throws CorruptDataException when the object in the trash is not the manifest that was forgotten
     * @throws UnknownOutcomeException when it may be back
     */
    public Snapshot bringBack(SnapshotId id, Consumer<String> leftover) throws IOException {
        Snapshot snapshot = readTrash(id);
        Optional<Forgotten> record = find(id);
        if (record.isPresent() && !record.get().digest().equals(snapshot.digest())) {
            throw notForgotten(record.get(), snapshot);
        }
        try {
            publishOnce(id.objectName(), read(Forgotten.trashName(id)));
        } catch (InDoubtException e) {
            throw inDoubt("snapshot " + id + " may or may not have been brought back", "varve snapshots", e);
        }
        // In this order: a record without a manifest in the trash is one that says nothing of a snapshot that exists.
        for (String name : List.of(Forgotten.trashName(id), Forgotten.objectName(id), countersignedName(id))) {
            try {
                deleteIfThere(name);
            } catch (IOException e) {
                leftover.accept("snapshot " + id + " is back, but " + name + " could not be removed: " + Reason.of(e)
                        + "; it is harmless");
            }
        }
        return snapshot;
    }

    /** The failures of manifests in the trash that cannot be brought back. */
    public List<CorruptDataException> damagedTrash() throws IOException {
        List<CorruptDataException> damaged = new ArrayList<>();
        for (SnapshotId id : inTrash()) {
            try {
                Snapshot snapshot = readTrash(id);
                checkRecord(id, snapshot).ifPresent(damaged::add);
            } catch (CorruptDataException e) {
                damaged.add(e);
            } catch (NoSuchFileException e) {
                // Brought back, or collected, since it was listed.
            }
        }
        return damaged;
    }

    private Optional<CorruptDataException> checkRecord(SnapshotId id, Snapshot inTrash) throws IOException {
        try {
            Optional<Forgotten> record = find(id);
            if (record.isEmpty()) {
                String name = Forgotten.objectName(id);
                return Optional.of(new CorruptDataException(name, -1, "the record of a forgotten snapshot", "none"));
            }
            boolean isSame = record.get().digest().equals(inTrash.digest());
            return isSame ? Optional.empty() : Optional.of(notForgotten(record.get(), inTrash));
        } catch (CorruptDataException e) {
            return Optional.empty(); // the record is damaged, and listed as that
        }
    }

    private static CorruptDataException notForgotten(Forgotten record, Snapshot found) {
        return new CorruptDataException(
                Forgotten.trashName(record.id()),
                -1,
                "the manifest with digest " + record.digest().hex(),
                "one with digest " + found.digest().hex());
    }

    /** Deletes a forgotten manifest for good; its record stays. */
    public void discard(SnapshotId id) throws IOException {
        deleteIfThere(Forgotten.trashName(id));
    }

    /** Protects a snapshot from being forgotten. */
    public void protect(SnapshotId id) throws IOException {
        byte[] file = SealedJson.encode(SealedJson.newObject()
                .put("format", 1)
                .put("snapshot", id.text())
                .put("protectedAt", Instant.now().toString()));
        try {
            publish(protectedName(id), file);
        } catch (FileAlreadyExistsException e) {
            // It is protected already.
        } catch (InDoubtException e) {
            throw inDoubt("snapshot " + id + " may or may not have been protected", "varve snapshots", e);
        }
    }

    public void unprotect(SnapshotId id) throws IOException {
        try {
            deleteIfThere(protectedName(id));
        } catch (InDoubtException e) {
            throw inDoubt("snapshot " + id + " may or may not still be protected", "varve snapshots", e);
        }
    }

    /** Whether the mark exists; its content does not matter, so a damaged one protects too. */
    public boolean isProtected(SnapshotId id) throws IOException {
        return backend.exists(protectedName(id));
    }

    /** All protected snapshots, including those that no longer exist. */
    public Set<SnapshotId> allProtected() throws IOException {
        Set<SnapshotId> ids = new HashSet<>();
        backend.list(PROTECTED, (name, size) -> {
            SnapshotId id = SnapshotId.ofObject("snapshots" + name.substring(PROTECTED.length()));
            if (id != null) {
                ids.add(id);
            }
        });
        return ids;
    }

    private static String protectedName(SnapshotId id) {
        return PROTECTED + "/" + id.text() + ".json";
    }

    /**
     * Records of forgetting that were made without the key, or by an older build, and that no key holder has
     * countersigned. Empty unless the repository is encrypted and unlocked.
     *
     * @param damaged receives the failures of records that cannot be read, so that it is unknown whether they are
     *     signed
     */
    public List<Forgotten> unsigned(List<CorruptDataException> damaged) throws IOException {
        List<Forgotten> unsigned = new ArrayList<>();
        if (!protection.authenticates()) {
            return unsigned;
        }
        for (Forgotten record : forgotten(damaged)) {
            if (!record.signed() && !isCountersigned(record.id())) {
                unsigned.add(record);
            }
        }
        return unsigned;
    }

    /**
     * Countersigns a record without a MAC in its present form. The record itself is never modified.
     *
     * @throws NoSuchFileException when there is no such record
     */
    public void countersign(SnapshotId id) throws IOException {
        byte[] record = read(Forgotten.objectName(id));
        ObjectNode json = SealedJson.newObject()
                .put("format", 1)
                .put("snapshot", id.text())
                .put("recordDigest", new ChunkHasher().id(record).hex());
        String name = countersignedName(id);
        try {
            publish(name, protection.encode(name, json));
        } catch (FileAlreadyExistsException e) {
            if (!isCountersigned(id)) {
                throw new CorruptDataException(name, -1, "the signature of this record", "another one; delete it");
            }
        } catch (InDoubtException e) {
            throw inDoubt("the record of snapshot " + id + " may or may not have been countersigned", "varve fsck", e);
        }
    }

    private boolean isCountersigned(SnapshotId id) throws IOException {
        String name = countersignedName(id);
        try {
            JsonFields json = SealedJson.decode(read(name), name);
            protection.check(name, json);
            return json.id("recordDigest").equals(new ChunkHasher().id(read(Forgotten.objectName(id))));
        } catch (NoSuchFileException | CorruptDataException e) {
            return false; // then the record still needs somebody who vouches for it
        }
    }

    private static String countersignedName(SnapshotId id) {
        return "countersigned/" + id.text() + ".json";
    }

    private Forgotten decode(String name) throws IOException {
        return Forgotten.decode(read(name), name, protection);
    }

    private byte[] read(String name) throws IOException {
        return WholeObject.read(backend, name, SealedJson.MAX_SIZE);
    }

    private void publish(String name, byte[] file) throws IOException {
        WholeObject.publish(backend, name, file);
    }

    /** As {@link #publish}; an existing object must have the same content. */
    private void publishOnce(String name, byte[] file) throws IOException {
        try {
            publish(name, file);
        } catch (FileAlreadyExistsException e) {
            if (Refusal.isOne(SealedJson.decode(read(name), name))) {
                throw e;
            }
            if (!Arrays.equals(read(name), file)) {
                throw new CorruptDataException(name, -1, "nothing, or the same manifest", "another manifest");
            }
        }
    }

    private void deleteIfThere(String name) throws IOException {
        try {
            backend.delete(name);
        } catch (NoSuchFileException e) {
            // Done before, by a run that was interrupted.
        }
    }
}
