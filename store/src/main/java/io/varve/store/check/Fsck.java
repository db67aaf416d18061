package io.varve.store.check;

import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.check.FsckOptions.Level;
import io.varve.store.check.FsckReport.AffectedDisk;
import io.varve.store.chunk.ChunkId;
import io.varve.store.crypt.LockedRepositoryException;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.Count;
import io.varve.store.fault.Reason;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotCatalog;
import io.varve.store.snapshot.SnapshotId;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Verifies a repository without trusting the index.
 *
 * <ol>
 *   <li>manifests, first, since everything they refer to was published before them
 *   <li>packs: names, headers, footers; at the deeper levels frames, hashes, ids
 *   <li>maps: every page and block that a snapshot needs is in an intact pack
 *   <li>the index against the packs
 *   <li>stray files
 * </ol>
 *
 * <p>Memory: the size in the options for chunks and map pages, a sixteenth of the heap for visited pages, 350 bytes per
 * pack. If the tables are too small (0.7 chunks fit into 8 bytes, so half of 256 MiB is enough for 8 million), the
 * third step runs several times, each time for another slice of the ids, and reads footers and maps again. Direct
 * memory: 7 MiB per thread, 15 MiB when it reads packs, 19 when it decodes chunks.
 *
 * <p>At the deeper levels it records in the repository which packs were read: see {@link ReadJournal}.
 */
public final class Fsck {
    /** More findings than this are only counted. */
    public static final int MAX_FINDINGS = 10_000;

    private final Repository repository;
    private final FsckOptions options;
    private final FsckListener listener;
    private final List<Finding> findings = new ArrayList<>();
    private final List<AffectedDisk> affected = new ArrayList<>();
    private final Missing missing = new Missing();
    private final ChunkTable table;
    private final AtomicLong bytesRead = new AtomicLong();
    private final AtomicInteger packsRead = new AtomicInteger();
    private int lesserFindings;
    private long findingsLeftOut;
    private long chunks;
    private long unusedChunks;
    private long unusedBytes;
    private long pages;
    private boolean unrecorded;

    public Fsck(Repository repository, FsckOptions options, FsckListener listener) {
        this.repository = repository;
        this.options = options;
        this.listener = listener;
        this.table = new ChunkTable(options.memory() / 4 * 3, new SecureRandom().nextLong());
    }

    /**
     * @throws LockedRepositoryException when chunks are to be decoded and the repository is locked
     * @throws java.io.InterruptedIOException when the listener stopped it; all readings are recorded
     */
    public FsckReport run() throws IOException {
        checkLock();
        listener.phase("manifests", 0);
        ManifestCheck manifests = new ManifestCheck(repository, this::found);
        manifests.checkKeys();
        SnapshotCatalog.Listing listing = manifests.checkManifests(options.seen());
        for (CorruptDataException e : listing.damaged()) {
            SnapshotId id = SnapshotId.ofObject(e.file());
            if (id != null) {
                affected.add(new AffectedDisk(id, "unknown", 0, "all disks of this snapshot", List.of(), 0, 0));
            }
        }
        Surroundings surroundings = new Surroundings(repository, this::found);
        Map<ChunkId, CheckedPack> packs = surroundings.packs();
        ReadJournal journal = openJournal();
        try (Workers workers = new Workers(options.threads());
                PagePlaces places = new PagePlaces(options.memory() / 8);
                OddLengths lengths = new OddLengths(places, options.memory() / 8)) {
            checkPacks(packs, places, lengths, journal, workers);
            checkReferences(listing.snapshots(), packs, places, lengths, workers);
            if (!missing.isEmpty()) {
                findAffected(listing.snapshots(), places);
            }
        }
        new ParityCheck(repository, this::found).check(packs.keySet(), options.level());
        listener.phase("index", 0);
        new IndexCheck(repository, this::found).check(packs);
        surroundings.check();
        return new FsckReport(
                List.copyOf(findings),
                findingsLeftOut,
                List.copyOf(affected),
                listing.snapshots().size(),
                packs.size(),
                packsRead.get(),
                chunks,
                pages,
                bytesRead.get(),
                unusedChunks,
                unusedBytes,
                ReadCoverage.of(packs.values(), journal, Level.READ_DATA),
                ReadCoverage.of(packs.values(), journal, Level.DEEP));
    }

    private void checkLock() throws IOException {
        if (!repository.isLocked()) {
            return;
        }
        if (options.level() == Level.DEEP) {
            repository.protection().newHasher(); // says what is missing
        }
        found(new Finding(
                Finding.Severity.INFO,
                "no-key",
                RepositoryConfig.OBJECT,
                -1,
                "no key given: only stored hashes are checked, not who wrote the configuration and"
                        + " manifests, nor the ids of map pages and chunks"));
    }

    private synchronized void found(Finding finding) {
        boolean isError = finding.severity() == Finding.Severity.ERROR;
        // Half of the list is reserved for errors: ten thousand stray files must not hide one.
        if (findings.size() < MAX_FINDINGS && (isError || lesserFindings < MAX_FINDINGS / 2)) {
            lesserFindings += isError ? 0 : 1;
            findings.add(finding);
            listener.found(finding);
        } else {
            findingsLeftOut++;
        }
    }

    private ReadJournal openJournal() throws IOException {
        List<CorruptDataException> damaged = new ArrayList<>();
        ReadJournal journal =
                ReadJournal.open(repository.backend(), repository.config().repositoryId(), options.clock(), damaged);
        damaged.forEach(e -> found(Finding.warning("read-record-damaged", e)));
        return journal;
    }

    private void checkPacks(
            Map<ChunkId, CheckedPack> packs,
            PagePlaces places,
            OddLengths lengths,
            ReadJournal journal,
            Workers workers)
            throws IOException {
        boolean reads = options.level() != Level.STRUCTURE;
        List<CheckedPack> chosen = !reads
                ? List.of()
                : options.choice().choose(packs.values(), journal, options.level(), Instant.now(options.clock()));
        BlockingQueue<PackCheck> checks = new ArrayBlockingQueue<>(workers.threads());
        for (int i = 0; i < workers.threads(); i++) {
            checks.add(new PackCheck(repository, table, places, lengths, options.rate(), this::found));
        }
        Set<CheckedPack> toRead = new HashSet<>(chosen);
        listener.phase("packs", packs.size() - toRead.size());
        for (CheckedPack pack : packs.values()) {
            if (!toRead.contains(pack)) {
                submit(workers, checks, check -> {
                    check.check(pack, Level.STRUCTURE);
                    listener.advanced(1);
                });
            }
        }
        workers.await();
        if (reads) {
            listener.reading(
                    "reading packs",
                    chosen.stream().mapToLong(pack -> pack.size).sum());
            readPacks(chosen, checks, journal, workers);
            record(() -> journal.fold(packs.keySet()));
        }
    }

    private void readPacks(
            List<CheckedPack> chosen, BlockingQueue<PackCheck> checks, ReadJournal journal, Workers workers)
            throws IOException {
        try {
            for (CheckedPack pack : chosen) {
                submit(workers, checks, check -> {
                    bytesRead.addAndGet(check.check(pack, options.level()));
                    packsRead.incrementAndGet();
                    record(() -> journal.read(pack.id, options.level(), !pack.isDamaged()));
                    listener.advanced(pack.size);
                });
            }
        } finally {
            workers.settle();
            record(journal::publish);
        }
        workers.await();
    }

    @FunctionalInterface
    private interface PackTask {
        void run(PackCheck check) throws IOException;
    }

    private void submit(Workers workers, BlockingQueue<PackCheck> checks, PackTask task) throws IOException {
        listener.check();
        workers.submit(() -> {
            listener.check();
            PackCheck check = checks.remove();
            try {
                task.run(check);
            } finally {
                checks.add(check);
            }
        });
    }

    @FunctionalInterface
    private interface Recording {
        void run() throws IOException;
    }

    /** Packs are read even if that cannot be recorded, for instance in a read-only repository. */
    private void record(Recording recording) {
        try {
            recording.run();
        } catch (IOException e) {
            synchronized (this) {
                if (!unrecorded) {
                    unrecorded = true;
                    found(new Finding(
                            Finding.Severity.INFO,
                            "read-unrecorded",
                            "checks",
                            -1,
                            "cannot record which packs were read: " + Reason.of(e)));
                }
            }
        }
    }

    /** One pass for each slice of the ids. */
    private void checkReferences(
            List<Snapshot> snapshots,
            Map<ChunkId, CheckedPack> packs,
            PagePlaces places,
            OddLengths lengths,
            Workers workers)
            throws IOException {
        int slices = table.settle();
        for (int slice = 0; slice < slices; slice++) {
            String pass = slices == 1 ? "" : ", pass " + (slice + 1) + " of " + slices;
            if (slice > 0) {
                listener.phase("packs" + pass, packs.size());
                table.begin(slice);
                PackCheck check = new PackCheck(repository, table, places, lengths, options.rate(), this::found);
                for (CheckedPack pack : packs.values()) {
                    listener.check();
                    workers.submit(() -> {
                        check.enterAgain(pack);
                        listener.advanced(1);
                    });
                }
                workers.await();
            }
            listener.phase("snapshots" + pass, snapshots.size());
            ReferenceCheck references = new ReferenceCheck(
                    repository, new PackFacts(table, places, lengths), options.rate(), missing, workers, this::found);
            for (Snapshot snapshot : snapshots) {
                listener.check();
                references.check(snapshot);
                listener.advanced(1);
            }
            workers.await();
            pages = Math.max(pages, references.pages());
            chunks += table.count();
            unusedChunks += table.unusedCount();
            unusedBytes += table.unusedBytes();
        }
    }

    private void findAffected(List<Snapshot> snapshots, PagePlaces places) throws IOException {
        listener.phase("what is affected", snapshots.size());
        AffectedDisks disks = new AffectedDisks(repository, places, missing);
        for (Snapshot snapshot : snapshots) {
            listener.check();
            for (DiskRecord disk : snapshot.manifest().disks()) {
                disks.check(snapshot, disk).ifPresent(affected::add);
            }
            listener.advanced(1);
        }
        if (missing.isFull()) {
            found(new Finding(
                    Finding.Severity.ERROR,
                    "too-much-missing",
                    "packs",
                    -1,
                    "more than " + Count.of(missing.count(), "chunk is missing", "chunks are missing")
                            + "; not all lost ranges are" + " listed, for lack of heap"));
        }
    }
}
