package io.varve.store.session;

import io.varve.store.Repository;
import io.varve.store.backend.Backend;
import io.varve.store.backend.ObjectWriter;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.crypt.LockedRepositoryException;
import io.varve.store.index.ChunkIndex;
import io.varve.store.index.Place;
import io.varve.store.json.SealedJson;
import io.varve.store.map.BlockMap;
import io.varve.store.map.MapShape;
import io.varve.store.map.PageSource;
import io.varve.store.pack.FrameHeader;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Manifest;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotId;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The one write path: chunks → packs → index → manifest. Opening it registers the session; closing it without a commit
 * leaves packs that nobody refers to, which later sessions use or collect.
 *
 * <p>Threading: each worker writes through a {@link ChunkWriter} of its own; {@code commit} and {@code close} are
 * called when all workers are done. A session that failed once stays failed.
 */
public final class WriteSession implements ChunkLookup, Closeable {
    private final Repository repository;
    private final WriterLock lock;
    private final ChunkIndex index;
    private final PackPipeline dataPacks;
    private final PackPipeline mapPacks;
    private final Set<ChunkId> claimed = java.util.concurrent.ConcurrentHashMap.newKeySet();
    private final PageReader pages;
    private final String registration;

    private WriteSession(Repository repository, WriterLock lock, ChunkIndex index, String purpose) throws IOException {
        this.repository = repository;
        this.lock = lock;
        this.index = index;
        this.dataPacks = new PackPipeline(repository, index, claimed);
        this.mapPacks = new PackPipeline(repository, index, claimed);
        this.pages = new PageReader(repository, this);
        this.registration = register(purpose);
    }

    /**
     * Waits for the writer lock, clears what crashed sessions left, brings the index up to date and registers.
     *
     * @param purpose what the session is for, shown to those who wait
     * @param patience how long to wait for another writer
     * @param notices told in words of what took an unusual way
     */
    public static WriteSession open(Repository repository, String purpose, Duration patience, Consumer<String> notices)
            throws IOException {
        WriterLock lock = WriterLock.acquire(repository, purpose, patience, notices);
        ChunkIndex index = null;
        try {
            clearCrashedSessions(repository.backend(), notices);
            index = IndexMaintenance.open(repository, notices);
            return new WriteSession(repository, lock, index, purpose);
        } catch (IOException | RuntimeException e) {
            if (index != null) {
                index.close();
            }
            lock.close();
            throw e;
        }
    }

    /** Whoever holds the lock is alone: every session registered now belongs to a process that is gone. */
    private static void clearCrashedSessions(Backend backend, Consumer<String> notices) throws IOException {
        List<String> left = new ArrayList<>();
        backend.list("sessions", (name, size) -> {
            if (name.endsWith(".json")) {
                left.add(name);
            }
        });
        backend.deleteUnpublished();
        for (String name : left) {
            notices.accept("an earlier session ended without closing; cleared (" + name + ")");
            backend.delete(name);
        }
    }

    private String register(String purpose) throws IOException {
        String name = "sessions/" + UUID.randomUUID() + ".json";
        byte[] file = SealedJson.encode(SealedJson.newObject()
                .put("format", 1)
                .put("host", HostName.get())
                .put("pid", ProcessHandle.current().pid())
                .put("purpose", purpose)
                .put("startedAt", Instant.now().toString()));
        try (ObjectWriter object = repository.backend().create()) {
            object.append(ByteBuffer.wrap(file));
            object.publish(name);
        }
        return name;
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
     * Whether everything below the map's root is in the repository. Usually known at once; walked the first time, and
     * again after a pack has vanished.
     */
    public boolean isComplete(BlockMap map) throws IOException {
        if (index.isProven(map.root())) {
            return true;
        }
        if (!MapPresence.isComplete(map, this)) {
            return false;
        }
        index.proven(map.root());
        return true;
    }

    /**
     * A writer for one worker.
     *
     * @param maxRawLength bytes of the largest chunk it will write
     * @throws LockedRepositoryException when the repository is encrypted and was not unlocked
     */
    public ChunkWriter newChunkWriter(int maxRawLength) throws LockedRepositoryException {
        return new ChunkWriter(this, maxRawLength);
    }

    /** The index of this session, for collection; to be written by the thread that runs it alone. */
    public ChunkIndex index() {
        return index;
    }

    /** Map pages out of the packs. */
    public PageSource pages() {
        return pages;
    }

    /** Appends a frame that is in another pack already, byte for byte. */
    public void copy(FrameHeader header, ByteBuffer payload) throws IOException {
        append(header, payload);
    }

    /** Makes everything appended so far durable, and enters it in the index. */
    public void finishPacks() throws IOException {
        dataPacks.finish();
        mapPacks.finish();
        index.flush();
    }

    /** Whether the caller is the one to store {@code id}; otherwise it is there or another worker is at it. */
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
     * Makes every chunk durable and publishes the manifest. When this returns, the snapshot exists; when it throws, it
     * does not, unless the failure came from the very last directory sync.
     */
    public Snapshot commit(Manifest manifest) throws IOException {
        return commit(manifest, SnapshotId.create(manifest.startedAt()));
    }

    /** As {@link #commit(Manifest)}, under an id that no snapshot of the repository has. */
    public Snapshot commit(Manifest manifest, SnapshotId id) throws IOException {
        finishPacks();
        checkNothingVanished(manifest);
        for (DiskRecord disk : manifest.disks()) {
            index.proven(disk.mapRoot());
        }
        index.flush();
        return repository.snapshots().publish(manifest, id);
    }

    /** A listing, not a walk: only if a pack is gone that the index knows, the maps are walked. */
    private void checkNothingVanished(Manifest manifest) throws IOException {
        Set<ChunkId> vanished = new HashSet<>(index.packs());
        vanished.removeAll(ChunkIndex.usablePacks(repository.backend()));
        if (vanished.isEmpty()) {
            return;
        }
        index.catchUp(repository.backend(), (done, total) -> {});
        for (DiskRecord disk : manifest.disks()) {
            if (!MapPresence.isComplete(map(disk), this)) {
                throw new io.varve.store.CorruptDataException(
                        "packs/" + vanished.iterator().next().hex(),
                        -1,
                        "every pack that was there when the backup began",
                        vanished.size() + " packs gone, and disk " + disk.name() + " needs them; nothing was committed,"
                                + " run the backup again: it reads what is missing from the disk");
            }
        }
    }

    @Override
    public void close() throws IOException {
        try (lock;
                index;
                mapPacks;
                dataPacks) {
            repository.backend().delete(registration);
        } catch (NoSuchFileException e) {
            // Somebody cleared the sessions by hand: nothing is left to do.
        }
    }
}
