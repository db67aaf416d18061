package io.varve.store.check;

import io.varve.store.Repository;
import io.varve.store.chunk.ChunkId;
import io.varve.store.crypt.ForgedDocumentException;
import io.varve.store.crypt.KeyRing;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.Count;
import io.varve.store.gc.LostSnapshots;
import io.varve.store.snapshot.ForeignManifestException;
import io.varve.store.snapshot.Forgotten;
import io.varve.store.snapshot.SeenSnapshots;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotCatalog;
import io.varve.store.snapshot.SnapshotId;
import io.varve.store.snapshot.SnapshotShelf;
import io.varve.store.snapshot.UnreadableMemoryException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Checks everything that defines present and former snapshots: manifests, their links, records of forgetting, this
 * computer's memory, keys.
 */
final class ManifestCheck {
    private final Repository repository;
    private final Consumer<Finding> findings;

    ManifestCheck(Repository repository, Consumer<Finding> findings) {
        this.repository = repository;
        this.findings = findings;
    }

    void checkKeys() throws IOException {
        if (!repository.config().encrypted()) {
            return;
        }
        KeyRing.Listing ring;
        try {
            ring = repository.keyRing().list();
        } catch (CorruptDataException e) {
            findings.accept(Finding.error("too-many-keys", e));
            return;
        }
        ring.damaged().forEach(e -> findings.accept(Finding.warning("key-damaged", e)));
        if (ring.keys().isEmpty()) {
            found(
                    Finding.Severity.ERROR,
                    "no-keys",
                    "keys",
                    "an encrypted repository without an intact key: nobody can read it; restore a copy of keys/");
        }
    }

    SnapshotCatalog.Listing checkManifests(Optional<SeenSnapshots> seen) throws IOException {
        LostSnapshots lost = new LostSnapshots(repository);
        lost.damagedRecords().forEach(e -> findings.accept(Finding.warning("job-record-damaged", e)));
        repository.holds().list().damaged().values().forEach(e -> findings.accept(Finding.warning("hold-damaged", e)));
        SnapshotCatalog.Listing listing = repository.snapshots().list();
        for (CorruptDataException e : listing.damaged()) {
            findings.accept(Finding.error(code(e), e));
        }
        Set<ChunkId> known = new HashSet<>();
        listing.snapshots().forEach(snapshot -> known.add(snapshot.digest()));
        List<CorruptDataException> damagedRecords = new ArrayList<>();
        SnapshotShelf shelf = repository.shelf();
        List<Forgotten> forgotten = shelf.forgotten(damagedRecords);
        forgotten.forEach(record -> known.add(record.digest()));
        for (CorruptDataException e : damagedRecords) {
            findings.accept(
                    e instanceof ForgedDocumentException
                            ? Finding.error("forgotten-record-forged", e)
                            : Finding.warning("forgotten-record-damaged", e));
        }
        List<Forgotten> unsigned = shelf.unsigned(new ArrayList<>());
        if (!unsigned.isEmpty()) {
            found(
                    Finding.Severity.INFO,
                    "forgotten-unsigned",
                    "forgotten",
                    Count.of(unsigned.size(), "record")
                            + " of forgotten snapshots made without the key, such as that of "
                            + unsigned.get(0).id() + "; 'varve key countersign' lists and countersigns them");
        }
        for (CorruptDataException e : shelf.damagedTrash()) {
            boolean isRecord = e.file().startsWith("forgotten/");
            findings.accept(Finding.warning(isRecord ? "forgotten-record-damaged" : "forgotten-manifest-damaged", e));
        }
        for (Snapshot snapshot : listing.snapshots()) {
            checkOrigin(snapshot, known);
        }
        Set<SnapshotId> explained = new HashSet<>(shelf.inTrash());
        if (seen.isPresent()) {
            explained.addAll(checkMemory(seen.get()));
        }
        listing.snapshots().forEach(snapshot -> explained.add(snapshot.id()));
        forgotten.forEach(record -> explained.add(record.id()));
        lost.byJobs(explained).forEach((id, message) -> {
            if (damagedRecords.stream().noneMatch(e -> e.file().contains(id.text()))) {
                found(
                        Finding.Severity.ERROR,
                        "snapshot-lost",
                        id.objectName(),
                        message + ". Otherwise run no gc, and bring it back: restore this file from a copy of the"
                                + " repository, or 'varve copy' the snapshot from your second one");
            }
        });
        return listing;
    }

    /** @return the snapshots that it found missing */
    private Set<SnapshotId> checkMemory(SeenSnapshots seen) throws IOException {
        try {
            Map<SnapshotId, String> missing = seen.rolledBack();
            missing.values().forEach(message -> found(Finding.Severity.ERROR, "rolled-back", "snapshots", message));
            return missing.keySet();
        } catch (UnreadableMemoryException e) {
            found(Finding.Severity.INFO, "memory-unreadable", "snapshots", e.getMessage());
            return Set.of();
        }
    }

    private static String code(CorruptDataException e) {
        return e instanceof ForgedDocumentException
                ? "manifest-forged"
                : e instanceof ForeignManifestException ? "foreign-manifest" : "manifest-damaged";
    }

    private void checkOrigin(Snapshot snapshot, Set<ChunkId> known) {
        Optional<ChunkId> link = snapshot.manifest().link();
        if (link.isPresent() && !known.contains(link.get())) {
            found(
                    Finding.Severity.WARNING,
                    "link-broken",
                    snapshot.id().objectName(),
                    snapshot.id() + " follows a snapshot of machine "
                            + snapshot.manifest().machine()
                            + " whose manifest is missing, damaged or replaced (digest "
                            + link.get().hex() + ")");
        }
    }

    private void found(Finding.Severity severity, String code, String file, String message) {
        findings.accept(new Finding(severity, code, file, -1, message));
    }
}
