package io.varve.store.snapshot;

import io.varve.store.backend.Backend;
import io.varve.store.backend.InDoubtException;
import io.varve.store.backend.WholeObject;
import io.varve.store.chunk.ChunkHasher;
import io.varve.store.crypt.LockedProtection;
import io.varve.store.crypt.PlainProtection;
import io.varve.store.crypt.Protection;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.UnknownOutcomeException;
import io.varve.store.json.JsonFields;
import io.varve.store.json.SealedJson;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** The snapshots of a repository. A damaged manifest affects only its own snapshot. Thread-safe. */
public final class SnapshotCatalog {
    private final Backend backend;
    private final Protection protection;
    private final HeadMemory memory;
    private final ManifestRule rule;
    private final boolean refusals;

    /** The snapshots of a plain repository, whichever that is. */
    SnapshotCatalog(Backend backend) {
        this(backend, new PlainProtection(), HeadMemory.ofThisProcess(), ManifestRule.none(), false);
    }

    /**
     * @param protection verifies and computes the manifests' MACs
     * @param memory of verified manifests; used only when manifests can be verified, which in an encrypted repository
     *     takes the key
     * @param rule decides which manifests belong to this repository
     * @param refusals whether a {@link Refusal} may stand in the place of a manifest; elsewhere it is damage
     */
    public SnapshotCatalog(
            Backend backend, Protection protection, HeadMemory memory, ManifestRule rule, boolean refusals) {
        this.rule = rule;
        this.refusals = refusals;
        this.backend = backend;
        this.protection = protection;
        this.memory = protection instanceof LockedProtection ? HeadMemory.ofThisProcess() : memory;
    }

    /**
     * All snapshots: the readable ones in the order in which they were made ({@link SnapshotOrder}), and the failures
     * of the others. A manifest that was not made with the repository's key is among the failures, as
     * {@link io.varve.store.crypt.ForgedDocumentException}.
     */
    public record Listing(List<Snapshot> snapshots, List<CorruptDataException> damaged) {}

    public Listing list() throws IOException {
        List<CorruptDataException> damaged = new ArrayList<>();
        List<Snapshot> snapshots = new ArrayList<>();
        List<SnapshotId> ids = ids();
        for (SnapshotId id : ids) {
            read(id, damaged::add).ifPresent(snapshots::add);
        }
        memory.remember(snapshots.stream().map(SnapshotHead::of).toList(), Set.copyOf(ids));
        return new Listing(inOrder(snapshots), damaged);
    }

    /** The same snapshots, oldest first. */
    public List<Snapshot> inOrder(List<Snapshot> snapshots) throws IOException {
        Map<SnapshotId, Snapshot> byId = new HashMap<>();
        snapshots.forEach(snapshot -> byId.put(snapshot.id(), snapshot));
        return placed(snapshots).stream()
                .map(place -> byId.get(place.head().id()))
                .toList();
    }

    /** The same snapshots with the facts that place them, oldest first. */
    public List<SnapshotOrder.Placed> placed(List<Snapshot> snapshots) throws IOException {
        return SnapshotOrder.oldestFirst(
                snapshots.stream().map(SnapshotHead::of).toList(), this::beforeForgotten);
    }

    /** The machine's newest snapshot; see {@link #next}. */
    public Optional<Snapshot> newest(String machine, Consumer<CorruptDataException> damaged) throws IOException {
        return next(machine, damaged).previous();
    }

    /**
     * The place of a machine's next snapshot.
     *
     * @param previous the snapshot before it, read and verified
     * @param sequence for the manifest
     */
    public record Next(Optional<Snapshot> previous, Optional<Long> sequence) {}

    /**
     * The place after all snapshots of the machine. Reads only manifests that this computer has not verified before and
     * the one it returns, so a backup costs the same in a repository of ten years as in a new one.
     *
     * @param damaged receives the failures of manifests that it read
     */
    public Next next(String machine, Consumer<CorruptDataException> damaged) throws IOException {
        return next(machine, Placement::last, damaged);
    }

    /** As {@link #next(String, Consumer)}, but by time: for backups of an earlier state. */
    public Next at(String machine, Instant time, Consumer<CorruptDataException> damaged) throws IOException {
        return next(machine, placed -> Placement.at(placed, time), damaged);
    }

    private Next next(
            String machine,
            Function<List<SnapshotOrder.Placed>, Placement> place,
            Consumer<CorruptDataException> damaged)
            throws IOException {
        List<SnapshotHead> heads = new ArrayList<>(heads(damaged));
        heads.removeIf(head -> !head.machine().equals(machine));
        while (true) {
            Placement placement = place.apply(SnapshotOrder.oldestFirst(heads, this::beforeForgotten));
            if (placement.previous().isEmpty()) {
                return new Next(Optional.empty(), placement.sequence());
            }
            SnapshotHead head = placement.previous().get();
            Optional<Snapshot> previous = read(head.id(), damaged);
            if (previous.isPresent()) {
                return new Next(previous, placement.sequence());
            }
            heads.remove(head);
        }
    }

    private List<SnapshotHead> heads(Consumer<CorruptDataException> damaged) throws IOException {
        List<SnapshotId> ids = ids();
        List<SnapshotHead> heads = new ArrayList<>();
        List<SnapshotHead> proven = new ArrayList<>();
        for (SnapshotId id : ids) {
            Optional<SnapshotHead> known = memory.find(id);
            if (known.isPresent()) {
                heads.add(known.get());
            } else {
                read(id, damaged).map(SnapshotHead::of).ifPresent(proven::add);
            }
        }
        heads.addAll(proven);
        memory.remember(proven, Set.copyOf(ids));
        return heads;
    }

    private Optional<SnapshotId> beforeForgotten(SnapshotId id) throws IOException {
        try {
            return new SnapshotShelf(backend, protection, rule).find(id).flatMap(Forgotten::parent);
        } catch (CorruptDataException e) {
            return Optional.empty(); // fsck names it; here it is as if there were none
        }
    }

    /** Most forgotten snapshots that are skipped in search of an ancestor. */
    private static final int MOST_FORGOTTEN = 1000;

    /**
     * The nearest ancestor that still exists; empty when there is none, when it cannot be read, or when too many
     * snapshots in between were forgotten.
     */
    public Optional<Snapshot> ancestor(Snapshot of) throws IOException {
        Optional<SnapshotId> parent = of.manifest().parent();
        for (int i = 0; parent.isPresent() && i < MOST_FORGOTTEN; i++) {
            try {
                return Optional.of(read(parent.get()));
            } catch (NoSuchFileException e) {
                parent = beforeForgotten(parent.get());
            } catch (CorruptDataException e) {
                return Optional.empty(); // told by whoever lists
            }
        }
        return Optional.empty();
    }

    /** Manifests by name, and so by second, oldest first. Objects with other names are ignored. */
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
        if (refusals && Refusal.isOne(json)) {
            throw new NoSuchFileException(name, null, "the snapshot was refused before it was committed");
        }
        protection.check(name, json);
        Manifest manifest = Manifest.decode(json);
        rule.check(manifest, name);
        if (!id.isOf(manifest.startedAt())) {
            throw new CorruptDataException(
                    name, -1, "a manifest whose startedAt is that second", "one of " + manifest.startedAt());
        }
        return new Snapshot(id, manifest, new ChunkHasher().id(file));
    }

    /**
     * Publishes a manifest. This is the commit: from here on the snapshot exists.
     *
     * @throws CorruptDataException when its encoded form cannot be decoded again; nothing was published
     * @throws UnknownOutcomeException when it may be there
     */
    public Snapshot publish(Manifest manifest) throws IOException {
        return publish(manifest, SnapshotId.create(manifest.startedAt()));
    }

    /**
     * As {@link #publish(Manifest)}, under an id that no snapshot has.
     *
     * @throws java.nio.file.FileAlreadyExistsException when the name is taken
     */
    public Snapshot publish(Manifest manifest, SnapshotId id) throws IOException {
        byte[] file = protection.encode(id.objectName(), manifest.toJson());
        rule.check(Manifest.decode(file, id.objectName()), id.objectName());
        try {
            WholeObject.publish(backend, id.objectName(), file);
        } catch (InDoubtException e) {
            throw new UnknownOutcomeException(
                    "snapshot " + id + " of machine " + manifest.machine() + " may or may not have been committed: "
                            + e.getMessage() + "; 'varve snapshots' shows whether it is there",
                    e);
        }
        return new Snapshot(id, manifest, new ChunkHasher().id(file));
    }
}
