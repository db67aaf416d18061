package io.varve.store.snapshot;

import io.varve.store.CorruptDataException;
import io.varve.store.backend.Backend;
import io.varve.store.backend.ObjectWriter;
import io.varve.store.backend.WholeObject;
import io.varve.store.chunk.ChunkHasher;
import io.varve.store.crypt.PlainProtection;
import io.varve.store.crypt.Protection;
import io.varve.store.json.JsonFields;
import io.varve.store.json.SealedJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The snapshots of a repository. A damaged manifest costs that snapshot only, never the others. Thread-safe. */
public final class SnapshotCatalog {
    /** Names tell the second only; two snapshots of one second are told apart by what the manifest says. */
    private static final Comparator<Snapshot> BY_TIME = Comparator.comparing(
                    (Snapshot snapshot) -> snapshot.manifest().startedAt())
            .thenComparing(Snapshot::id);

    private final Backend backend;
    private final Protection protection;

    /** The snapshots of a plain repository. */
    public SnapshotCatalog(Backend backend) {
        this(backend, new PlainProtection());
    }

    /** @param protection checks and makes the manifests' MACs */
    public SnapshotCatalog(Backend backend, Protection protection) {
        this.backend = backend;
        this.protection = protection;
    }

    /**
     * What is there: readable snapshots, oldest first, and what is wrong with the others; a manifest that was not made
     * with the repository's key is among these, as {@link io.varve.store.crypt.ForgedDocumentException}.
     */
    public record Listing(List<Snapshot> snapshots, List<CorruptDataException> damaged) {}

    public Listing list() throws IOException {
        List<CorruptDataException> damaged = new ArrayList<>();
        List<Snapshot> snapshots = new ArrayList<>();
        for (SnapshotId id : ids()) {
            read(id, damaged::add).ifPresent(snapshots::add);
        }
        snapshots.sort(BY_TIME);
        return new Listing(snapshots, damaged);
    }

    /**
     * The newest readable snapshot of a machine. Reads manifests from the newest on and no more of them than it takes,
     * so that a backup costs the same in a repository of ten years as in a new one.
     *
     * @param damaged told what is wrong with those it met on the way
     */
    public Optional<Snapshot> newest(String machine, Consumer<CorruptDataException> damaged) throws IOException {
        List<SnapshotId> newestFirst = ids();
        Collections.reverse(newestFirst);
        Snapshot newest = null;
        for (SnapshotId id : newestFirst) {
            if (newest != null && !id.isOf(newest.manifest().startedAt())) {
                break;
            }
            Optional<Snapshot> read = read(id, damaged);
            if (read.isPresent()
                    && read.get().manifest().machine().equals(machine)
                    && (newest == null || BY_TIME.compare(newest, read.get()) < 0)) {
                newest = read.get();
            }
        }
        return Optional.ofNullable(newest);
    }

    /** By name, and therefore by the second, oldest first. What has no name of a manifest is none. */
    private List<SnapshotId> ids() throws IOException {
        List<SnapshotId> ids = new ArrayList<>();
        backend.list("snapshots", (name, size) -> {
            SnapshotId id = SnapshotId.ofObject(name);
            if (id != null) {
                ids.add(id);
            }
        });
        Collections.sort(ids);
        return ids;
    }

    private Optional<Snapshot> read(SnapshotId id, Consumer<CorruptDataException> damaged) throws IOException {
        try {
            return Optional.of(read(id));
        } catch (CorruptDataException e) {
            damaged.accept(e);
        } catch (NoSuchFileException e) {
            // Forgotten between listing and reading: it is not there any more.
        }
        return Optional.empty();
    }

    public Snapshot read(SnapshotId id) throws IOException {
        String name = id.objectName();
        byte[] file = WholeObject.read(backend, name, SealedJson.MAX_SIZE);
        JsonFields json = SealedJson.decode(file, name);
        protection.check(name, json);
        Manifest manifest = Manifest.decode(json);
        if (!id.isOf(manifest.startedAt())) {
            throw new CorruptDataException(
                    name, -1, "the manifest of a snapshot of that second", "one of " + manifest.startedAt());
        }
        return new Snapshot(id, manifest, new ChunkHasher().id(file));
    }

    /**
     * Publishes a manifest. This is the commit: from here on the snapshot exists.
     *
     * @throws CorruptDataException when it could not be read again; nothing was published then
     */
    public Snapshot publish(Manifest manifest) throws IOException {
        return publish(manifest, SnapshotId.create(manifest.startedAt()));
    }

    /** As {@link #publish(Manifest)}, under an id that no snapshot has. */
    public Snapshot publish(Manifest manifest, SnapshotId id) throws IOException {
        byte[] file = protection.encode(id.objectName(), manifest.toJson());
        Manifest.decode(file, id.objectName());
        try (ObjectWriter object = backend.create()) {
            object.append(ByteBuffer.wrap(file));
            object.publish(id.objectName());
        }
        return new Snapshot(id, manifest, new ChunkHasher().id(file));
    }
}
