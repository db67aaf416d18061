package io.varve.store.check;

import io.varve.store.CorruptDataException;
import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.check.FsckReport.AffectedDisk;
import io.varve.store.chunk.ChunkId;
import io.varve.store.crypt.ForgedDocumentException;
import io.varve.store.crypt.KeyRing;
import io.varve.store.crypt.LockedRepositoryException;
import io.varve.store.pack.CondemnedPacks;
import io.varve.store.pack.PackFormat;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Manifest.FileRecord;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotCatalog;
import io.varve.store.snapshot.SnapshotId;
import io.varve.store.snapshot.SnapshotShelf;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Proves a repository, without a lock and without trusting the index.
 *
 * <ol>
 *   <li>manifests, first: whatever they refer to was published before them
 *   <li>packs: names, headers, footers; at the deeper levels frames, hashes, ids
 *   <li>maps: every page and block that a snapshot needs is in a sound pack
 *   <li>the index against the packs
 *   <li>what else lies about
 * </ol>
 *
 * <p>Memory: about 50 bytes of heap a chunk and 100 a map page; 12 MiB of direct memory a thread.
 */
public final class Fsck {
    /** More findings than this are only counted. */
    public static final int MAX_FINDINGS = 10_000;

    private static final Set<String> KNOWN_NAMES = Set.of(
            "repository.json",
            "export.json",
            "keys",
            "packs",
            "parity",
            "snapshots",
            "protected",
            "forgotten",
            "sessions",
            "trash",
            "quarantine",
            "tmp",
            "index");

    private final Repository repository;
    private final FsckOptions options;
    private final FsckListener listener;
    private final List<Finding> findings = new ArrayList<>();
    private final ChunkTable table = new ChunkTable();
    private final List<AffectedDisk> affected = new ArrayList<>();
    private long findingsLeftOut;
    private int packsRead;

    public Fsck(Repository repository, FsckOptions options, FsckListener listener) {
        this.repository = repository;
        this.options = options;
        this.listener = listener;
    }

    /** @throws LockedRepositoryException when it is to look into chunks and the repository was not unlocked */
    public FsckReport run() throws IOException {
        if (repository.isLocked()) {
            if (options.level() == FsckOptions.Level.DEEP) {
                repository.protection().newHasher(); // says what is missing
            }
            found(new Finding(
                    Finding.Severity.INFO,
                    "no-key",
                    RepositoryConfig.OBJECT,
                    -1,
                    "without the key it is not proven who wrote the configuration and the manifests, nor that map pages"
                            + " and chunks are what their ids say; what is stored is compared with its hashes only"));
        }
        checkKeys();
        SnapshotCatalog.Listing listing = checkManifests();
        Map<ChunkId, Long> packs = listPacks();
        long bytesRead = checkPacks(packs);
        long pages = checkMaps(listing.snapshots());
        new ParityCheck(repository, this::found).check(packs.keySet(), options.level());
        listener.phase("index", 0);
        new IndexCheck(repository, table, this::found).check(packs.keySet());
        checkSurroundings();
        return new FsckReport(
                List.copyOf(findings),
                findingsLeftOut,
                List.copyOf(affected),
                listing.snapshots().size(),
                packs.size(),
                packsRead,
                table.count(),
                pages,
                bytesRead,
                table.unusedCount(),
                table.unusedBytes());
    }

    private synchronized void found(Finding finding) {
        if (findings.size() < MAX_FINDINGS) {
            findings.add(finding);
            listener.found(finding);
        } else {
            findingsLeftOut++;
        }
    }

    private SnapshotCatalog.Listing checkManifests() throws IOException {
        listener.phase("manifests", 0);
        SnapshotCatalog.Listing listing = repository.snapshots().list();
        for (CorruptDataException e : listing.damaged()) {
            found(Finding.error(e instanceof ForgedDocumentException ? "manifest-forged" : "manifest-damaged", e));
            SnapshotId id = SnapshotId.ofObject(e.file());
            if (id != null) {
                affected.add(new AffectedDisk(id, "unknown", 0, "all disks of this snapshot", List.of(), 0));
            }
        }
        Set<ChunkId> digests = new HashSet<>();
        listing.snapshots().forEach(snapshot -> digests.add(snapshot.digest()));
        List<CorruptDataException> damagedRecords = new ArrayList<>();
        SnapshotShelf shelf = new SnapshotShelf(repository.backend());
        shelf.forgotten(damagedRecords).forEach(record -> digests.add(record.digest()));
        damagedRecords.forEach(e -> found(Finding.warning("forgotten-record-damaged", e)));
        for (Snapshot snapshot : listing.snapshots()) {
            snapshot.manifest()
                    .link()
                    .filter(link -> !digests.contains(link))
                    .ifPresent(link -> found(new Finding(
                            Finding.Severity.WARNING,
                            "link-broken",
                            snapshot.id().objectName(),
                            -1,
                            snapshot.id() + " follows a snapshot of machine "
                                    + snapshot.manifest().machine()
                                    + " whose manifest is missing, damaged or replaced (digest " + link.hex() + ")")));
            if (!snapshot.manifest().repositoryId().equals(repository.config().repositoryId())) {
                found(new Finding(
                        Finding.Severity.ERROR,
                        "foreign-manifest",
                        snapshot.id().objectName(),
                        -1,
                        "belongs to repository " + snapshot.manifest().repositoryId()));
            }
        }
        return listing;
    }

    private void checkKeys() throws IOException {
        if (!repository.config().encrypted()) {
            return;
        }
        KeyRing.Listing ring = repository.keyRing().list();
        ring.damaged().forEach(e -> found(Finding.warning("key-damaged", e)));
        if (ring.keys().isEmpty()) {
            found(new Finding(
                    Finding.Severity.ERROR,
                    "no-keys",
                    "keys",
                    -1,
                    "an encrypted repository without any sound key: nobody can read it; put back a copy of keys/"));
        }
    }

    /** Those that count. Condemned ones count as absent, here as everywhere. */
    private Map<ChunkId, Long> listPacks() throws IOException {
        Map<ChunkId, Long> packs = new TreeMap<>();
        repository.backend().list("packs", (name, size) -> {
            ChunkId id = PackFormat.idOfObject(name);
            if (id == null) {
                found(new Finding(
                        Finding.Severity.WARNING,
                        "stray-file",
                        name,
                        -1,
                        "not the name of a pack; nothing refers to it"));
            } else {
                packs.put(id, size);
            }
        });
        List<CorruptDataException> damaged = new ArrayList<>();
        for (CondemnedPacks list : CondemnedPacks.list(repository.backend(), damaged)) {
            long there = list.packs().stream()
                    .filter(pack -> packs.remove(pack) != null)
                    .count();
            found(new Finding(
                    Finding.Severity.INFO,
                    "condemned",
                    list.name(),
                    -1,
                    there + " packs that nothing needs wait for the next collection, which deletes them"));
        }
        damaged.forEach(e -> found(Finding.warning("condemned-list-damaged", e)));
        return packs;
    }

    private long checkPacks(Map<ChunkId, Long> packs) throws IOException {
        boolean reads = options.level() != FsckOptions.Level.STRUCTURE;
        SplittableRandom random = new SplittableRandom(options.seed());
        Set<ChunkId> chosen = new HashSet<>();
        long bytes = 0;
        for (Map.Entry<ChunkId, Long> pack : packs.entrySet()) {
            if (reads && random.nextDouble() * 100 < options.percent()) {
                chosen.add(pack.getKey());
                bytes += pack.getValue();
            }
        }
        packsRead = chosen.size();
        listener.phase(reads ? "packs, reading" : "packs", reads ? bytes : packs.size());
        Queue<ChunkId> queue = new ConcurrentLinkedQueue<>(packs.keySet());
        AtomicLong read = new AtomicLong();
        inParallel(() -> {
            PackCheck check = new PackCheck(repository, table, this::found);
            ChunkId pack;
            while ((pack = queue.poll()) != null) {
                boolean deep = chosen.contains(pack);
                read.addAndGet(check.check(pack, deep ? options.level() : FsckOptions.Level.STRUCTURE));
                listener.advanced(reads ? (deep ? packs.get(pack) : 0) : 1);
            }
        });
        return read.get();
    }

    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    private void inParallel(Work work) throws IOException {
        ExecutorService workers = Executors.newFixedThreadPool(options.threads(), task -> {
            Thread thread = new Thread(task, "varve-fsck");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < options.threads(); i++) {
                running.add(workers.submit(() -> {
                    work.run();
                    return null;
                }));
            }
            for (Future<?> worker : running) {
                worker.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            workers.shutdown();
        }
    }

    private long checkMaps(List<Snapshot> snapshots) throws IOException {
        listener.phase("snapshots", snapshots.size());
        MapCheck maps = new MapCheck(repository, table, this::found);
        for (Snapshot snapshot : snapshots) {
            for (DiskRecord disk : snapshot.manifest().disks()) {
                MapCheck.Damage damage = maps.check(disk);
                if (damage.bytes() > 0) {
                    affected.add(new AffectedDisk(
                            snapshot.id(),
                            snapshot.manifest().machine(),
                            disk.number(),
                            disk.name(),
                            damage.ranges(),
                            damage.bytes()));
                }
            }
            for (FileRecord file : snapshot.manifest().files()) {
                for (ChunkId piece : file.pieces()) {
                    if (!piece.isZero() && !table.use(piece)) {
                        found(new Finding(
                                Finding.Severity.ERROR,
                                "chunk-missing",
                                "packs",
                                -1,
                                "configuration file " + file.name() + " of " + snapshot.id() + ": no chunk "
                                        + piece.hex()));
                    }
                }
            }
            listener.advanced(1);
        }
        return maps.pagesRead();
    }

    private void checkSurroundings() throws IOException {
        try (var entries = Files.list(repository.root())) {
            entries.map(path -> path.getFileName().toString())
                    .filter(name -> !KNOWN_NAMES.contains(name))
                    .sorted()
                    .forEach(name -> found(new Finding(
                            Finding.Severity.WARNING, "stray-file", name, -1, "not part of a repository; remove it")));
        }
        repository.backend().list("sessions", (name, size) -> {
            if (name.endsWith(".json")) {
                found(new Finding(
                        Finding.Severity.INFO, "session", name, -1, "a backup is running, or ended without closing"));
            }
        });
        repository.backend().list("tmp", (name, size) -> {
            if (!name.endsWith(".lock")) {
                found(new Finding(
                        Finding.Severity.INFO,
                        "unpublished",
                        name,
                        -1,
                        "being written, or left by a crash; the next backup clears it"));
            }
        });
    }
}
