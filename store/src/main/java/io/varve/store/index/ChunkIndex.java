package io.varve.store.index;

import io.varve.store.backend.Backend;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.pack.FootersAhead;
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
 * Maps chunk ids to their places in packs, in RocksDB. It is a cache: {@link #catchUp} can rebuild all of it from the
 * footers of the packs. It may forget, but never invent: a pack's chunks are entered in one batch, after the pack is
 * published.
 *
 * <p>There is no write-ahead log. A crash loses whole batches, newest first, and the next {@code catchUp} reads those
 * footers again.
 *
 * <p>Threading: {@code find}, {@code knowsPack} and {@code isProven} may be called by many threads, also while another
 * thread writes; everything else by one thread at a time. One process can have the index open for writing, any number
 * for reading. Memory: RocksDB's 32 MiB block cache, 1.5 bytes of filters per chunk, about 170 bytes of heap per pack.
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
    private volatile Set<ChunkId> unusable = Set.of();

    private ChunkIndex(IndexDatabase database, boolean writable) {
        this.database = database;
        this.db = database.db();
        this.writable = writable;
    }

    /**
     * Opens the index of {@code repositoryId} for writing. Creates it if it does not exist.
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

    /** Opens the index as of its last flush. A writer may be at work. */
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

    /** Whether {@code directory} contains an index that this user can see. */
    public static boolean exists(Path directory) throws IOException {
        return IndexDatabase.exists(directory);
    }

    /** Deletes the index in {@code directory}. No process may have it open. */
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
                packs.add(number, ChunkId.read(at.value(), 0), IndexKeys.packLength(at.value()));
            }
            at.status();
        } catch (RocksDBException e) {
            throw database.failed("cannot be read", e);
        }
    }

    /** Returns the place of a chunk, or null if no known pack has it. */
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

    /** Returns the ids of all packs whose chunks are in the index. */
    public Set<ChunkId> packs() {
        return packs.all();
    }

    public boolean knowsPack(ChunkId pack) {
        return packs.knows(pack);
    }

    /**
     * Returns the packs that exist but that the latest {@link #catchUp} could not use. The name of a pack follows from
     * its chunks and their order, so a pack with the same chunks in the same order cannot be published while such a
     * pack exists.
     */
    public Set<ChunkId> unusable() {
        return unusable;
    }

    /**
     * Enters all chunks of a published pack. If the pack is already known, its copies of chunks are found from now on.
     */
    public void add(ChunkId pack, PackFooter footer) throws IOException {
        Integer known = packs.number(pack);
        enter(known == null ? IndexKeys.u32(get(IndexKeys.NEXT_PACK)) : known, pack, footer);
    }

    /** Removes condemned packs. Maps that were proven complete count as unproven again. */
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
            // In reverse, so that the first frame counts if a pack has a chunk twice.
            for (int frame = footer.frameCount() - 1; frame >= 0; frame--) {
                value.clear();
                value.putInt(number).putInt((int) footer.offset(frame)).putInt(footer.storedLength(frame));
                batch.put(footer.id(frame).toBytes(), value.array());
            }
            batch.put(IndexKeys.pack(number), IndexKeys.packValue(pack, footer.packLength()));
            if (packs.pack(number) == null) {
                batch.put(IndexKeys.NEXT_PACK, IndexKeys.u32(number + 1));
            }
            db.write(unlogged, batch);
        } catch (RocksDBException e) {
            throw database.failed("cannot be written", e);
        }
        packs.add(number, pack, footer.packLength());
    }

    /**
     * The result of {@link #catchUp}.
     *
     * @param packsVanished packs that are gone, except those that a collection may have deleted
     * @param packsAltered packs that were intact once and are longer or shorter now
     * @param unreadablePacks the failures of the first packs that cannot be read
     * @param unreadable number of packs that cannot be read
     */
    public record CatchUp(
            int packsAdded,
            List<ChunkId> packsVanished,
            List<AlteredPack> packsAltered,
            List<IOException> unreadablePacks,
            int unreadable) {}

    /**
     * A pack whose length has changed.
     *
     * @param expected length in bytes when it was entered into the index
     * @param found length in bytes now
     */
    public record AlteredPack(ChunkId pack, long expected, long found) {}

    /**
     * Brings the index up to date with the packs that exist: reads the footers of new packs, and removes packs that are
     * gone or whose length has changed. A pack that cannot be read is reported and left out, so its chunks count as
     * absent.
     */
    public CatchUp catchUp(Backend backend, PackProgress progress) throws IOException {
        // Condemned packs first: if a collection deletes a pack and its list after this, the pack is not listed.
        Set<ChunkId> condemned = new CondemnedLists(backend).all();
        int generation = Generation.current(backend);
        boolean collected = generation != IndexKeys.u32(get(IndexKeys.GENERATION));
        PackComparison found = timed(packs::compareLengths, backend);
        Set<ChunkId> gone = new HashSet<>(found.absent());
        condemned.stream().filter(this::knowsPack).forEach(gone::add);
        List<ChunkId> vanished = gone.stream()
                .filter(pack -> !collected && !condemned.contains(pack))
                .toList();
        UnreadablePacks unreadable = new UnreadablePacks();
        List<AlteredPack> altered = altered(backend, found, gone, unreadable);
        if (!gone.isEmpty()) {
            forgetVanished(backend, gone);
        }
        put(IndexKeys.GENERATION, IndexKeys.u32(generation));
        int added = 0;
        int done = 0;
        Set<ChunkId> missing = new HashSet<>(found.unknown());
        missing.removeAll(condemned);
        settle(backend, missing);
        try (FootersAhead footers = new FootersAhead(backend, missing)) {
            for (ChunkId pack : missing) {
                try {
                    add(pack, footers.next());
                    added++;
                } catch (CorruptDataException e) {
                    unreadable.add(pack, e);
                } catch (NoSuchFileException e) {
                    // A collection deleted it after it was listed.
                }
                progress.packs(++done, missing.size());
            }
        }
        if (added > 0 || collected || !gone.isEmpty()) {
            flush();
        }
        Set<ChunkId> useless = new HashSet<>(unreadable.packs());
        altered.forEach(pack -> useless.add(pack.pack()));
        unusable = Set.copyOf(useless);
        return new CatchUp(added, vanished, altered, unreadable.first(), unreadable.count());
    }

    /**
     * Finds packs whose length differs from their footer, and adds them to {@code gone}. Also records the lengths that
     * an earlier build did not record.
     */
    private List<AlteredPack> altered(
            Backend backend, PackComparison comparison, Set<ChunkId> gone, UnreadablePacks unreadable)
            throws IOException {
        List<AlteredPack> altered = new ArrayList<>();
        for (Map.Entry<ChunkId, Long> other : comparison.otherLength().entrySet()) {
            ChunkId pack = other.getKey();
            if (gone.contains(pack)) {
                continue;
            }
            if (packs.length(pack) != PackInventory.UNKNOWN_LENGTH) {
                altered.add(new AlteredPack(pack, packs.length(pack), other.getValue()));
                gone.add(pack);
                continue;
            }
            try {
                long length = PackReader.footer(backend, pack).packLength();
                int number = packs.number(pack);
                put(IndexKeys.pack(number), IndexKeys.packValue(pack, length));
                packs.add(number, pack, length);
            } catch (CorruptDataException e) {
                unreadable.add(pack, e);
                gone.add(pack);
            } catch (NoSuchFileException e) {
                // A collection deleted it after it was listed. The next comparison finds it absent.
            }
        }
        return altered;
    }

    /** Removes packs that are gone. Maps that were proven complete must be proven again. */
    public void forgetVanished(Backend backend, java.util.Collection<ChunkId> gone) throws IOException {
        // The new epoch is written first: if a crash loses the rest, no map may count as proven.
        put(IndexKeys.EPOCH, IndexKeys.u32(epoch() + 1));
        for (ChunkId pack : gone) {
            forget(pack);
        }
        enterAgain(backend);
        flush();
    }

    /**
     * Enters packs that other writers have published, and removes none: what a session relies on must stay known until
     * the session ends. Packs that cannot be read are left out.
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
                // Damaged, or deleted after it was listed. The next catch-up reports which.
            }
        }
    }

    /** Makes other writers' packs durable before they are entered: manifests rely on what the index names. */
    private static void settle(Backend backend, Set<ChunkId> packs) throws IOException {
        backend.settle(packs.stream().map(PackFormat::objectName).toList());
    }

    /**
     * Enters all packs again. The index names one place per chunk; if that was in a lost pack, another pack may have
     * it.
     */
    private void enterAgain(Backend backend) throws IOException {
        for (Map.Entry<Integer, ChunkId> pack : packs.byNumber().entrySet()) {
            try {
                enter(pack.getKey(), pack.getValue(), PackReader.footer(backend, pack.getValue()));
            } catch (CorruptDataException | NoSuchFileException e) {
                // What the index knows about this pack is kept.
            }
        }
    }

    /** Called after each footer that {@link #catchUp} has read. What it throws ends the work; the index stays valid. */
    @FunctionalInterface
    public interface PackProgress {
        void packs(int done, int total) throws IOException;
    }

    /** Compares the known packs with the names of those that exist. Every backup does this, however many there are. */
    public PackComparison compare(Backend backend) throws IOException {
        return timed(packs::compare, backend);
    }

    @FunctionalInterface
    private interface Comparing {
        PackComparison with(Backend backend) throws IOException;
    }

    private PackComparison timed(Comparing comparing, Backend backend) throws IOException {
        long started = System.nanoTime();
        PackComparison comparison = comparing.with(backend);
        comparisonNanos = System.nanoTime() - started;
        return comparison;
    }

    /**
     * Returns how long the latest comparison took, in nanoseconds, so that callers that repeat it can pause
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
     * Returns a number that changes whenever the index forgets a pack. Callers that relied on a pack must then check
     * again.
     */
    public int epoch() throws IOException {
        return IndexKeys.u32(get(IndexKeys.EPOCH)) + 1;
    }

    /**
     * Whether all pages and blocks below map root {@code root} were found in packs, and no pack has vanished since. A
     * backup can then inherit from that map without walking it.
     */
    public boolean isProven(ChunkId root) throws IOException {
        byte[] value = get(IndexKeys.root(root));
        return root.isZero() || (value != null && IndexKeys.u32(value) == epoch());
    }

    /** Records that everything below {@code root} exists. */
    public void proven(ChunkId root) throws IOException {
        put(IndexKeys.root(root), IndexKeys.u32(epoch()));
    }

    /** Makes all entries durable, and visible to readers that open the index later. */
    public void flush() throws IOException {
        database.flush();
    }

    /**
     * Waits until RocksDB has merged the files that are due, so that the next process that opens the index does not
     * have to. After a few chunks this returns at once; if most of 100 million chunks are due it takes about a minute.
     */
    public void finishMerging() throws IOException {
        database.finishMerging();
    }

    /** Returns the approximate number of chunks. */
    public long estimatedChunks() throws IOException {
        return database.estimatedKeys();
    }

    /**
     * Calls {@code visitor} for each chunk in the index, in the order of ids. Reads the whole database and verifies
     * RocksDB's checksums, using files that are already open, since a writer may compact them away meanwhile.
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
