package io.varve.store.session;

import io.varve.store.Repository;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.chunk.Compression;
import io.varve.store.coordination.RepositoryBusyException;
import io.varve.store.crypt.LockedProtection;
import io.varve.store.crypt.LockedRepositoryException;
import io.varve.store.home.IndexSlot;
import io.varve.store.home.LocalHome;
import io.varve.store.index.ChunkIndex;
import io.varve.store.index.Place;
import io.varve.store.map.BlockMap;
import io.varve.store.map.MapShape;
import io.varve.store.map.PageSource;
import io.varve.store.pack.FrameHeader;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Manifest;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotId;
import io.varve.store.trash.CondemnedLists;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The one write path: chunks → packs → index → manifest. Opening it registers the session; closing it without a commit
 * leaves unreferenced packs, which later sessions use or collect. Other sessions, in this process or others, may write
 * at the same time; each has its own index and checks from time to time what the others have published.
 *
 * <p>Threading: each worker writes through its own {@link ChunkWriter}. Any thread may create writers and look up maps
 * and places while others write. {@code commit} and {@code close} are called when all workers are done. After a failure
 * the session can only be closed.
 */
public final class WriteSession implements ChunkLookup, Closeable {
    private final Repository repository;
    private final Closeable locks;
    private final boolean mayCollect;
    private final Sessions.Registration registration;
    private final AnnouncedPublication publishing;
    private final WorkingIndex index;
    private final int epoch;
    private final PackPipeline dataPacks;
    private final PackPipeline mapPacks;
    private final Set<ChunkId> claimed = ConcurrentHashMap.newKeySet();
    private final PageReader pages;
    private volatile boolean committed;

    private WriteSession(
            Repository repository,
            Closeable locks,
            boolean mayCollect,
            Sessions.Registration registration,
            Set<ChunkId> takenNames,
            WorkingIndex index,
            int epoch) {
        this.repository = repository;
        this.locks = locks;
        this.mayCollect = mayCollect;
        this.registration = registration;
        this.publishing = new AnnouncedPublication(repository, registration);
        this.index = index;
        this.epoch = epoch;
        int tag = registration.entry().tag();
        PackPipeline.Published published = entering(index, claimed);
        PackPipeline.Opening opening =
                repository.coordination().deadMayGoOn() ? new PackNames(repository.protection())::begin : pack -> {};
        this.dataPacks = new PackPipeline(repository, tag, takenNames, opening, published);
        this.mapPacks = new PackPipeline(repository, tag, takenNames, opening, published);
        this.pages = new PageReader(repository, index::find);
    }

    /**
     * Waits for an exclusive writer, removes what crashed sessions left, registers, and brings an index up to date.
     *
     * @param purpose what the session is for, shown to processes that wait for it
     * @param patience how long to wait
     * @param notices receives messages about unusual events, for the operator
     * @throws RepositoryBusyException when {@code patience} is over
     */
    public static WriteSession open(Repository repository, String purpose, Duration patience, Consumer<String> notices)
            throws IOException {
        return open(repository, purpose, Right.WRITE, WriterLock.together(repository, patience, notices), notices);
    }

    /**
     * As {@link #open}, for a command that only inspects: what crashed sessions left is kept. In a repository that this
     * process cannot write to, it takes no lock and leaves no record; its index lies in the cache directory.
     */
    public static WriteSession openToLook(
            Repository repository, String purpose, Duration patience, Consumer<String> notices) throws IOException {
        if (!repository.mayWrite()) {
            return open(repository, purpose, Right.LOOK, () -> {}, notices);
        }
        return open(repository, purpose, Right.LOOK, WriterLock.together(repository, patience, notices), notices);
    }

    /** What a session may do. */
    private enum Right {
        LOOK,
        WRITE,
        COLLECT,
        LOOK_AT_COLLECTION;

        boolean mayCollect() {
            return this == COLLECT || this == LOOK_AT_COLLECTION;
        }

        boolean tidiesUp() {
            return this == WRITE || this == COLLECT;
        }
    }

    /** As {@link #open}, and no other session runs or undoes a collection at the same time. */
    public static WriteSession openForCollection(
            Repository repository, String purpose, Duration patience, Consumer<String> notices) throws IOException {
        return openForCollection(repository, purpose, Right.COLLECT, patience, notices);
    }

    /** As {@link #openForCollection}, for a dry run; in a read-only repository as {@link #openToLook}. */
    public static WriteSession openToLookAtCollection(
            Repository repository, String purpose, Duration patience, Consumer<String> notices) throws IOException {
        if (!repository.mayWrite()) {
            return open(repository, purpose, Right.LOOK_AT_COLLECTION, () -> {}, notices);
        }
        return openForCollection(repository, purpose, Right.LOOK_AT_COLLECTION, patience, notices);
    }

    private static WriteSession openForCollection(
            Repository repository, String purpose, Right right, Duration patience, Consumer<String> notices)
            throws IOException {
        WriterLock together = WriterLock.together(repository, patience, notices);
        WriterLock collecting;
        try {
            collecting = WriterLock.collecting(repository, purpose, patience, notices);
        } catch (IOException | RuntimeException e) {
            together.close();
            throw e;
        }
        Closeable both = () -> {
            try (together) {
                collecting.close();
            }
        };
        return open(repository, purpose, right, both, notices);
    }

    /** As {@link #open}, but waits until no other session writes, and excludes others. */
    public static WriteSession openAlone(
            Repository repository, String purpose, Duration patience, Consumer<String> notices) throws IOException {
        return open(
                repository, purpose, Right.COLLECT, WriterLock.alone(repository, purpose, patience, notices), notices);
    }

    private static WriteSession open(
            Repository repository, String purpose, Right right, Closeable locks, Consumer<String> notices)
            throws IOException {
        return open(repository, purpose, right, locks, condemned -> newIndex(repository, notices), notices);
    }

    /** Gives a session its index: its own, or a shared one. */
    @FunctionalInterface
    interface IndexSource {
        /**
         * @param condemned names of the lists that the session honours
         * @return to be released once
         */
        WorkingIndex acquire(Set<String> condemned) throws IOException;
    }

    /** As {@link #open}, with an index that other sessions may share. */
    static WriteSession open(
            Repository repository, String purpose, Duration patience, IndexSource indexes, Consumer<String> notices)
            throws IOException {
        WriterLock together = WriterLock.together(repository, patience, notices);
        return open(repository, purpose, Right.WRITE, together, indexes, notices);
    }

    private static WriteSession open(
            Repository repository,
            String purpose,
            Right right,
            Closeable locks,
            IndexSource indexes,
            Consumer<String> notices)
            throws IOException {
        List<Closeable> opened = new ArrayList<>(List.of(locks));
        try {
            if (right.tidiesUp()) {
                Sessions.clearCrashed(repository, notices);
            }
            // In this order: what is condemned now is absent for this session, what is condemned later waits for it.
            CondemnedLists lists = new CondemnedLists(repository.backend());
            Set<String> condemned = lists.names();
            Sessions.Registration registration = right.tidiesUp() || repository.mayWrite()
                    ? register(repository, purpose, lists, condemned)
                    : Sessions.unregistered(repository, purpose, condemned);
            condemned = registration.entry().honours();
            opened.add(0, registration);
            Set<ChunkId> takenNames = new HashSet<>(lists.all());
            WorkingIndex index = indexes.acquire(condemned);
            takenNames.addAll(index.unusable());
            opened.add(0, () -> index.release(false));
            return new WriteSession(
                    repository, locks, right.mayCollect(), registration, takenNames, index, index.epoch());
        } catch (IOException | RuntimeException e) {
            for (Closeable resource : opened) {
                resource.close();
            }
            throw e;
        }
    }

    /**
     * Registers. A process that was frozen before that, and continues after collections have run, starts over: an index
     * that it shares with earlier sessions would count packs that are being deleted.
     */
    private static Sessions.Registration register(
            Repository repository, String purpose, CondemnedLists lists, Set<String> condemned) throws IOException {
        Sessions.Registration registration = Sessions.register(repository, purpose, condemned);
        if (!repository.coordination().deadMayGoOn()) {
            return registration;
        }
        Set<String> now = lists.names();
        if (now.equals(condemned)) {
            return registration;
        }
        registration.close();
        return register(repository, purpose, lists, now);
    }

    /** An index that is used by no other session of this process, up to date with the packs. */
    static WorkingIndex newIndex(Repository repository, Consumer<String> notices) throws IOException {
        LocalHome home = repository.home();
        IndexSlot slot = repository.mayWrite() ? home.acquireIndex() : home.acquireIndexElsewhere();
        if (slot == null) {
            throw new RepositoryBusyException(
                    repository.location(), LocalHome.MOST_WRITERS + " writers on this computer");
        }
        try {
            return new WorkingIndex(IndexMaintenance.open(repository, slot, notices), repository.backend(), slot);
        } catch (IOException | RuntimeException e) {
            slot.close();
            throw e;
        }
    }

    public Repository repository() {
        return repository;
    }

    @Override
    public Place find(ChunkId id) throws IOException {
        return index.find(id);
    }

    /** The block map of a disk of an earlier snapshot. */
    public BlockMap map(DiskRecord disk) {
        return new BlockMap(MapShape.of(disk.size(), disk.blockSize()), disk.mapRoot(), pages);
    }

    /**
     * Whether everything below the map's root is in the repository. This is usually recorded. Otherwise the map is
     * walked where it differs from the newest map of the same shape that is known to be complete, or as a whole if
     * there is none. One thread at a time, since a walk takes time; workers may write meanwhile.
     */
    public boolean isComplete(BlockMap map) throws IOException {
        if (index.isProven(map.root())) {
            return true;
        }
        if (!MapPresence.isComplete(map, newestProven(map.shape()), this)) {
            return false;
        }
        index.proven(map.root());
        return true;
    }

    private BlockMap newestProven(MapShape shape) throws IOException {
        List<Snapshot> snapshots = repository.snapshots().list().snapshots();
        for (int i = snapshots.size() - 1; i >= 0; i--) {
            for (DiskRecord disk : snapshots.get(i).manifest().disks()) {
                if (MapShape.of(disk.size(), disk.blockSize()).equals(shape) && index.isProven(disk.mapRoot())) {
                    return map(disk);
                }
            }
        }
        return new BlockMap(shape, ChunkId.ZERO, pages);
    }

    /** This session as other sessions see it. */
    public Sessions.Entry entry() {
        return registration.entry();
    }

    /**
     * Checks that no other session collects.
     *
     * @throws IllegalStateException when the session was not opened for that
     */
    public void checkMayCollect() {
        if (!mayCollect) {
            throw new IllegalStateException("open the session for collection");
        }
    }

    /** A writer for one worker that compresses with LZ4; otherwise as below. */
    public ChunkWriter newChunkWriter(int maxRawLength) throws LockedRepositoryException {
        return newChunkWriter(maxRawLength, Compression.LZ4);
    }

    /**
     * A writer for one worker.
     *
     * @param maxRawLength bytes of the largest chunk it will write
     * @throws LockedRepositoryException when the repository is encrypted and was not unlocked
     */
    public ChunkWriter newChunkWriter(int maxRawLength, Compression compression) throws LockedRepositoryException {
        return new ChunkWriter(this, maxRawLength, compression);
    }

    /** The index of this session, for collection; only the collecting thread may write to it. */
    public ChunkIndex index() {
        return index.alone();
    }

    /** Reads map pages from packs. */
    public PageSource pages() {
        return pages;
    }

    /** Whether packs can be written. In a bucket, an encrypted repository requires the key for that. */
    public boolean canWritePacks() {
        return !deadMayGoOn() || !(repository.protection() instanceof LockedProtection);
    }

    /** Appends a frame from another pack, byte for byte. */
    public void copy(FrameHeader header, ByteBuffer payload) throws IOException {
        append(header, payload);
    }

    /** Makes everything appended so far durable and enters it in the index. */
    public void finishPacks() throws IOException {
        dataPacks.finish();
        mapPacks.finish();
        index.flush();
    }

    /** Whether the caller must store {@code id}; otherwise it is present or another worker is storing it. */
    boolean claim(ChunkId id) throws IOException {
        if (!claimed.add(id)) {
            return false;
        }
        if (index.find(id) != null) {
            claimed.remove(id);
            return false;
        }
        return true;
    }

    void append(FrameHeader header, ByteBuffer payload) throws IOException {
        (header.kind() == ChunkKind.MAP_PAGE ? mapPacks : dataPacks).append(header, payload);
    }

    /**
     * Makes every chunk durable and publishes the manifest. When this returns, the snapshot exists. When it throws, the
     * snapshot does not exist, except for these two:
     *
     * @throws io.varve.store.fault.UnknownOutcomeException when it may exist
     * @throws CommittedException when it exists, but a later step failed
     */
    public Snapshot commit(Manifest manifest) throws IOException {
        return commit(manifest, SnapshotId.create(manifest.startedAt()));
    }

    /** As {@link #commit(Manifest)}, under an id that no snapshot of the repository has. */
    public Snapshot commit(Manifest manifest, SnapshotId id) throws IOException {
        finishPacks();
        CommitCheck check = new CommitCheck(repository, index, epoch, manifest);
        check.rescueCondemned();
        check.checkNothingVanished();
        for (DiskRecord disk : manifest.disks()) {
            index.proven(disk.mapRoot());
        }
        index.flush();
        Snapshot snapshot = publishing.publish(id, () -> repository.snapshots().publish(manifest, id));
        committed = true;
        // A collection that did not see the manifest may have condemned packs that it needs. They are not deleted
        // before this session ends, and the next collection would find them needed; until then backups would miss them.
        try {
            check.rescueCondemned();
            publishing.done(id);
        } catch (IOException e) {
            throw new CommittedException(snapshot, e);
        }
        return snapshot;
    }

    /**
     * Brings back a forgotten snapshot whose packs are all there. Only for a session that may collect.
     *
     * @param leftover as for {@link io.varve.store.snapshot.SnapshotShelf#bringBack}
     */
    public Snapshot bringBack(SnapshotId id, Consumer<String> leftover) throws IOException {
        checkMayCollect();
        if (!deadMayGoOn()) {
            return repository.shelf().bringBack(id, leftover);
        }
        CommitCheck check = new CommitCheck(
                repository, index, epoch, repository.shelf().readTrash(id).manifest());
        check.rescueCondemned();
        check.checkEverythingIsThere();
        Snapshot snapshot = publishing.publish(id, () -> repository.shelf().bringBack(id, leftover));
        try {
            publishing.done(id);
        } catch (IOException e) {
            leftover.accept("snapshot " + id
                    + " is back; the note of its commit stays until the next command that writes: " + e.getMessage());
        }
        return snapshot;
    }

    /**
     * Spares a session work that would be in vain, or that others would have to undo.
     *
     * @throws IOException when somebody declared this session dead
     */
    public void checkRecognized() throws IOException {
        publishing.checkRecognized();
    }

    private boolean deadMayGoOn() {
        return repository.coordination().deadMayGoOn();
    }

    /** Releases the claims on chunks that are in the index now. */
    private static PackPipeline.Published entering(WorkingIndex index, Set<ChunkId> claimed) {
        return pack -> {
            index.published(pack);
            for (int frame = 0; frame < pack.footer().frameCount(); frame++) {
                claimed.remove(pack.footer().id(frame));
            }
        };
    }

    /** Learns now of what other sessions published so far. */
    public void lookAround() throws IOException {
        index.lookAround();
    }

    @Override
    public void close() throws IOException {
        boolean hasCommitted = committed;
        Closeable released = () -> index.release(hasCommitted);
        try (locks;
                registration;
                released;
                mapPacks) {
            dataPacks.close();
        }
    }
}
