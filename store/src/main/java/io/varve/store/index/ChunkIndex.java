package io.varve.store.index;

import io.varve.store.backend.Backend;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.pack.PackFooter;
import io.varve.store.pack.PackFormat;
import io.varve.store.pack.PackReader;
import io.varve.store.trash.CondemnedLists;
import io.varve.store.trash.Generation;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * Maps chunk ids to places in packs, in RocksDB. It is a cache: everything in it comes from the footers of the packs,
 * and {@link #catchUp} reads it from there. It may forget, never invent: a pack's chunks are entered in one batch,
 * after the pack was published.
 *
 * <p>It is written without a log. A crash loses the newest batches as a whole, and the next {@code catchUp} reads those
 * footers again.
 *
 * <p>Threading: {@code find}, {@code knowsPack} and {@code isProven} may be called from many threads, also while
 * another thread writes; everything else from one thread at a time. One process may have it open for writing, and any
 * number read-only. Memory: RocksDB's block cache of 32 MiB, filters of 1.5 bytes per chunk, and about 150 bytes of
 * heap per pack.
 */
public final class ChunkIndex implements Closeable {
    static final int FORMAT = 1;
    private static final int VALUE_SIZE = 12;

    private final IndexDatabase database;
    private final RocksDB db;
    private final boolean writable;
    private final WriteOptions unlogged = new WriteOptions().setDisableWAL(true);
    private final PackInventory packs = new PackInventory();
    private volatile long comparisonNanos;

    private ChunkIndex(IndexDatabase database, boolean writable) {
        this.database = database;
        this.db = database.db();
        this.writable = writable;
    }

    /**
     * Opens the index of {@code repositoryId} for writing, and creates it if there is none.
     *
     * @throws DamagedIndexException if the existing index cannot be used; {@link #delete} it and open again
     * @throws IndexBusyException if another process has it open for writing
     */
    public static ChunkIndex openForWriting(Path directory, UUID repositoryId) throws IOException {
        ChunkIndex index = new ChunkIndex(IndexDatabase.open(directory, false), true);
        try {
            if (index.get(IndexKeys.FORMAT) == null) {
                index.put(IndexKeys.FORMAT, IndexKeys.u32(FORMAT));
                index.put(IndexKeys.REPOSITORY, repositoryId.toString().getBytes(StandardCharsets.US_ASCII));
            }
            index.load(repositoryId);
            return index;
        } catch (IOException | RuntimeException e) {
            index.close();
            throw e;
        }
    }

    /** Opens the index read-only, as it was last flushed. A writer may be at work. */
    public static ChunkIndex openForReading(Path directory, UUID repositoryId) throws IOException {
        ChunkIndex index = new ChunkIndex(IndexDatabase.open(directory, true), false);
        try {
            index.load(repositoryId);
            return index;
        } catch (IOException | RuntimeException e) {
            index.close();
            throw e;
        }
    }

    /** Whether there is an index in {@code directory}. */
    public static boolean exists(Path directory) {
        return IndexDatabase.exists(directory);
    }

    /** Deletes the index in {@code directory}. Nobody may have it open. */
    public static void delete(Path directory) throws IOException {
        IndexDatabase.delete(directory);
    }

    private void load(UUID repositoryId) throws IOException {
        byte[] format = get(IndexKeys.FORMAT);
        byte[] owner = get(IndexKeys.REPOSITORY);
        if (format == null || IndexKeys.u32(format) != FORMAT) {
            throw new DamagedIndexException(database.directory(), "no index of format " + FORMAT, null);
        }
        if (owner == null || !new String(owner, StandardCharsets.US_ASCII).equals(repositoryId.toString())) {
            throw new DamagedIndexException(database.directory(), "the index of another repository", null);
        }
        int next = IndexKeys.u32(get(IndexKeys.NEXT_PACK));
        try (ReadOptions options = new ReadOptions();
                RocksIterator at = db.newIterator(options)) {
            for (at.seek(IndexKeys.PACKS_BEGIN); at.isValid() && IndexKeys.isPack(at.key()); at.next()) {
                int number = IndexKeys.packNumber(at.key());
                if (number < 0 || number >= next) {
                    throw new DamagedIndexException(
                            database.directory(), "pack " + number + " of " + next + " is in it", null);
                }
                packs.add(number, ChunkId.read(at.value(), 0));
            }
            at.status();
        } catch (RocksDBException e) {
            throw database.failed("cannot be read", e);
        }
    }

    /** Returns the place of a chunk, or null if no pack known to the index has it. */
    public Place find(ChunkId id) throws IOException {
        byte[] value = get(id.toBytes());
        return value == null ? null : place(value);
    }

    private Place place(byte[] value) {
        if (value.length != VALUE_SIZE) {
            return null;
        }
        ByteBuffer fields = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
        ChunkId pack = packs.pack(fields.getInt(0));
        long offset = Integer.toUnsignedLong(fields.getInt(4));
        int storedLength = fields.getInt(8);
        boolean possible = offset >= PackFormat.HEADER_SIZE
                && offset < PackFormat.MAX_PACK_SIZE
                && storedLength > 0
                && storedLength <= PackFormat.MAX_FRAME_LENGTH - PackFormat.FRAME_HEADER_SIZE;
        return pack == null || !possible ? null : new Place(pack, offset, storedLength);
    }

    /** Returns the ids of the packs whose chunks the index holds. */
    public Set<ChunkId> packs() {
        return packs.all();
    }

    public boolean knowsPack(ChunkId pack) {
        return packs.knows(pack);
    }

    /**
     * Enters all chunks of a published pack. For a pack that is already known, its places replace those in other packs.
     */
    public void add(ChunkId pack, PackFooter footer) throws IOException {
        Integer known = packs.number(pack);
        enter(known == null ? IndexKeys.u32(get(IndexKeys.NEXT_PACK)) : known, pack, footer);
    }

    /** Forgets condemned packs. Maps that were recorded as complete count as unproven from now on. */
    public void condemn(Set<ChunkId> condemned) throws IOException {
        put(IndexKeys.EPOCH, IndexKeys.u32(epoch() + 1));
        for (ChunkId pack : condemned) {
            if (packs.knows(pack)) {
                forget(pack);
            }
        }
        flush();
    }

    private void enter(int number, ChunkId pack, PackFooter footer) throws IOException {
        ByteBuffer value = ByteBuffer.allocate(VALUE_SIZE).order(ByteOrder.LITTLE_ENDIAN);
        try (WriteBatch batch = new WriteBatch()) {
            // Backwards, so that the first frame wins if a pack holds a chunk twice.
            for (int frame = footer.frameCount() - 1; frame >= 0; frame--) {
                value.clear();
                value.putInt(number).putInt((int) footer.offset(frame)).putInt(footer.storedLength(frame));
                batch.put(footer.id(frame).toBytes(), value.array());
            }
            batch.put(IndexKeys.pack(number), pack.toBytes());
            if (packs.pack(number) == null) {
                batch.put(IndexKeys.NEXT_PACK, IndexKeys.u32(number + 1));
            }
            db.write(unlogged, batch);
        } catch (RocksDBException e) {
            throw database.failed("cannot be written", e);
        }
        packs.add(number, pack);
    }

    /**
     * The result of {@link #catchUp}.
     *
     * @param packsVanished packs that are gone, if no collection can have deleted them
     * @param unreadablePacks what is wrong with the first few packs that cannot be read
     * @param unreadable number of packs that cannot be read
     */
    public record CatchUp(
            int packsAdded, List<ChunkId> packsVanished, List<IOException> unreadablePacks, int unreadable) {}

    /** How many exceptions to keep: those of a hundred thousand broken packs would fill the heap. */
    private static final int UNREADABLE_KEPT = 20;

    /**
     * Brings the index up to date with the packs in the repository: reads the footers of new ones and forgets those
     * that are gone. A pack that cannot be read is left out and reported; its chunks count as absent.
     */
    public CatchUp catchUp(Backend backend, PackProgress progress) throws IOException {
        // The condemned lists are read before the packs are listed: if a collection deletes a list meanwhile, it has
        // deleted its packs before, so they are not listed.
        Set<ChunkId> condemned = new CondemnedLists(backend).all();
        int generation = Generation.current(backend);
        boolean collected = generation != IndexKeys.u32(get(IndexKeys.GENERATION));
        PackComparison found = compare(backend);
        List<ChunkId> gone = new ArrayList<>(found.absent());
        condemned.stream()
                .filter(pack -> knowsPack(pack) && !found.absent().contains(pack))
                .forEach(gone::add);
        if (!gone.isEmpty()) {
            forgetVanished(backend, gone);
        }
        put(IndexKeys.GENERATION, IndexKeys.u32(generation));
        List<ChunkId> vanished = gone.stream()
                .filter(pack -> !collected && !condemned.contains(pack))
                .toList();
        int added = 0;
        int failed = 0;
        int done = 0;
        List<IOException> unreadable = new ArrayList<>();
        Set<ChunkId> missing = new HashSet<>(found.unknown());
        missing.removeAll(condemned);
        settle(backend, missing);
        for (ChunkId pack : missing) {
            try {
                add(pack, PackReader.footer(backend, pack));
                added++;
            } catch (CorruptDataException e) {
                failed++;
                if (unreadable.size() < UNREADABLE_KEPT) {
                    unreadable.add(e);
                }
            } catch (NoSuchFileException e) {
                // Deleted by a collection since it was listed.
            }
            progress.packs(++done, missing.size());
        }
        if (added > 0 || collected || !gone.isEmpty()) {
            flush();
        }
        return new CatchUp(added, vanished, unreadable, failed);
    }

    /** Forgets packs that are gone. Maps recorded as complete have to be proven again. */
    public void forgetVanished(Backend backend, java.util.Collection<ChunkId> gone) throws IOException {
        // The epoch is advanced first: if only part of this survives a crash, no map may count as proven.
        put(IndexKeys.EPOCH, IndexKeys.u32(epoch() + 1));
        for (ChunkId pack : gone) {
            forget(pack);
        }
        enterAgain(backend);
        flush();
    }

    /**
     * Enters packs that other writers have published since. Forgets nothing, because what a session relies on must stay
     * known until it ends. A pack that cannot be read is left out.
     */
    public void enterNew(Backend backend) throws IOException {
        Set<ChunkId> condemned = new CondemnedLists(backend).all();
        Set<ChunkId> unknown = new HashSet<>(compare(backend).unknown());
        unknown.removeAll(condemned);
        settle(backend, unknown);
        for (ChunkId pack : unknown) {
            try {
                add(pack, PackReader.footer(backend, pack));
            } catch (CorruptDataException | NoSuchFileException e) {
                // Damaged, or deleted since it was listed. The next catch-up finds out which.
            }
        }
    }

    /**
     * Makes other writers' packs durable before they are entered. Manifests rely on what the index names, so it must
     * survive a power cut.
     */
    private static void settle(Backend backend, Set<ChunkId> packs) throws IOException {
        backend.settle(packs.stream().map(PackFormat::objectName).toList());
    }

    /**
     * Enters all remaining packs again: a chunk may be in two packs, and the index may have named the one that is gone.
     */
    private void enterAgain(Backend backend) throws IOException {
        for (Map.Entry<Integer, ChunkId> pack : packs.byNumber().entrySet()) {
            try {
                enter(pack.getKey(), pack.getValue(), PackReader.footer(backend, pack.getValue()));
            } catch (CorruptDataException | NoSuchFileException e) {
                // What the index knows about this pack stays as it is.
            }
        }
    }

    /** Called after each footer that {@link #catchUp} has read. */
    @FunctionalInterface
    public interface PackProgress {
        void packs(int done, int total);
    }

    /**
     * Lists the packs in the repository and compares them with those in the index. Every backup does this, so it must
     * be cheap for any number of packs.
     */
    public PackComparison compare(Backend backend) throws IOException {
        long started = System.nanoTime();
        PackComparison comparison = packs.compare(backend);
        comparisonNanos = System.nanoTime() - started;
        return comparison;
    }

    /**
     * How long the latest {@link #compare} took, in nanoseconds. A caller that repeats it can space the calls
     * accordingly.
     */
    public long comparisonNanos() {
        return comparisonNanos;
    }

    private void forget(ChunkId pack) throws IOException {
        int number = packs.remove(pack);
        try {
            db.delete(unlogged, IndexKeys.pack(number));
        } catch (RocksDBException e) {
            throw database.failed("cannot be written", e);
        }
    }

    /**
     * A number that changes whenever the index forgets a pack. Anything derived from its earlier content must then be
     * looked up again.
     */
    public int epoch() throws IOException {
        return IndexKeys.u32(get(IndexKeys.EPOCH)) + 1;
    }

    /**
     * Whether every page and block below the map root {@code root} was found in packs, and no pack has been forgotten
     * since. A backup can then inherit from that map without walking it.
     */
    public boolean isProven(ChunkId root) throws IOException {
        byte[] value = get(IndexKeys.root(root));
        return root.isZero() || (value != null && IndexKeys.u32(value) == epoch());
    }

    /** Records that everything below {@code root} is present. */
    public void proven(ChunkId root) throws IOException {
        put(IndexKeys.root(root), IndexKeys.u32(epoch()));
    }

    /** Makes what was entered so far durable, and visible to readers that open the index from now on. */
    public void flush() throws IOException {
        database.flush();
    }

    /**
     * Waits until RocksDB has merged the files that are due, so that the next process need not start over. Returns at
     * once if few chunks were entered, and takes about a minute if most of 100 million are due.
     */
    public void finishMerging() throws IOException {
        database.finishMerging();
    }

    /** Returns the approximate number of chunks. */
    public long estimatedChunks() throws IOException {
        return database.estimatedKeys();
    }

    /**
     * Calls {@code visitor} for every chunk in the index, in the order of ids. Reads the whole database and checks
     * RocksDB's checksums. Uses files that are open already, because a writer may delete them by compaction meanwhile.
     *
     * @throws DamagedIndexException if a checksum is wrong
     */
    public void forEach(EntryVisitor visitor) throws IOException {
        try (ReadOptions options = new ReadOptions().setFillCache(false).setVerifyChecksums(true);
                RocksIterator at = db.newIterator(options)) {
            for (at.seekToFirst(); at.isValid(); at.next()) {
                byte[] key = at.key();
                if (key.length == ChunkId.SIZE) {
                    visitor.entry(ChunkId.read(key, 0), place(at.value()));
                }
            }
            at.status();
        } catch (RocksDBException e) {
            throw database.failed("cannot be read", e);
        }
    }

    /** @see #forEach */
    @FunctionalInterface
    public interface EntryVisitor {
        void entry(ChunkId id, Place place) throws IOException;
    }

    public Path directory() {
        return database.directory();
    }

    private byte[] get(byte[] key) throws IOException {
        try {
            return db.get(key);
        } catch (RocksDBException e) {
            throw database.failed("cannot be read", e);
        }
    }

    private void put(byte[] key, byte[] value) throws IOException {
        try {
            db.put(unlogged, key, value);
        } catch (RocksDBException e) {
            throw database.failed("cannot be written", e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            if (writable) {
                flush();
            }
        } finally {
            unlogged.close();
            database.close();
        }
    }
}
