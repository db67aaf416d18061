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
 * Chunk id → place, in RocksDB. A cache: everything in it can be had from the footers of the packs, and
 * {@link #catchUp} gets it from there. It may forget, never invent: a pack's chunks enter after the pack is published,
 * all in one batch.
 *
 * <p>Written without a log: a crash loses the newest batches, whole, and the next {@code catchUp} reads those footers
 * again.
 *
 * <p>Threading: {@code find}, {@code knowsPack} and {@code isProven} from many threads, also while another one writes;
 * everything else from one at a time. One process may hold it open for writing, any number read-only. Memory: RocksDB's
 * 32 MiB block cache, 1.5 bytes per chunk of filters, about 170 bytes of heap a pack.
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
     * Opens the index of {@code repositoryId} for writing, making it if there is none.
     *
     * @throws DamagedIndexException when what is there cannot be used; {@link #delete} it and open again
     * @throws IndexBusyException when another process has it open for writing
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

    /** Opens the index as it was last flushed, while a writer may be at work. */
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

    /** Whether there is something to open in {@code directory}. */
    public static boolean exists(Path directory) {
        return IndexDatabase.exists(directory);
    }

    /** Removes the index in {@code directory}, which nobody may have open. */
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

    /** Where the chunk is, or null when the index knows no pack that has it. */
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

    /** Ids of the packs whose chunks the index holds. */
    public Set<ChunkId> packs() {
        return packs.all();
    }

    public boolean knowsPack(ChunkId pack) {
        return packs.knows(pack);
    }

    /**
     * Packs that are there and that the newest {@link #catchUp} could not use. The same chunks in the same order make a
     * pack of the same name, which cannot be published while that one is there.
     */
    public Set<ChunkId> unusable() {
        return unusable;
    }

    /** Enters all chunks of a published pack; of one that is known already, too, so that its copies are found. */
    public void add(ChunkId pack, PackFooter footer) throws IOException {
        Integer known = packs.number(pack);
        enter(known == null ? IndexKeys.u32(get(IndexKeys.NEXT_PACK)) : known, pack, footer);
    }

    /**
     * Forgets packs that were condemned. Whatever else was known to be complete is checked again before it is relied
     * on.
     */
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
            // Backwards, so that of a chunk that a pack holds twice the first frame counts.
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
     * What {@link #catchUp} found.
     *
     * @param packsVanished packs that are gone, unless a collection may have deleted them
     * @param packsAltered packs that were sound once and have become longer or shorter
     * @param unreadablePacks what is wrong with the first of those that cannot be read
     * @param unreadable how many there are
     */
    public record CatchUp(
            int packsAdded,
            List<ChunkId> packsVanished,
            List<AlteredPack> packsAltered,
            List<IOException> unreadablePacks,
            int unreadable) {}

    /**
     * A pack that is not as long as it was.
     *
     * @param expected its length in bytes when it entered the index
     * @param found its length in bytes now
     */
    public record AlteredPack(ChunkId pack, long expected, long found) {}

    /**
     * Makes the index agree with the packs that are there: reads the footers of new ones, forgets vanished ones and
     * those that are no longer as long as they were. An unreadable pack is left out and reported; its chunks count as
     * absent.
     */
    public CatchUp catchUp(Backend backend, PackProgress progress) throws IOException {
        // What is condemned first: a pack on a list that is gone by now, deleted by a collection, is not listed then.
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
        for (ChunkId pack : missing) {
            try {
                add(pack, PackReader.footer(backend, pack));
                added++;
            } catch (CorruptDataException e) {
                unreadable.add(pack, e);
            } catch (NoSuchFileException e) {
                // Collected since it was listed.
            }
            progress.packs(++done, missing.size());
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
     * Finds packs whose length is not what their footer says, and adds them to {@code gone}. Records the lengths that
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
                // Collected since it was listed: the next comparison finds it absent.
            }
        }
        return altered;
    }

    /** Forgets packs that are not there any more; what is proven has to be proven again. */
    public void forgetVanished(Backend backend, java.util.Collection<ChunkId> gone) throws IOException {
        // The new epoch first: if only a part of this survives a crash, nothing may count as proven.
        put(IndexKeys.EPOCH, IndexKeys.u32(epoch() + 1));
        for (ChunkId pack : gone) {
            forget(pack);
        }
        enterAgain(backend);
        flush();
    }

    /**
     * Enters packs that other writers published since, and forgets nothing: what a session relies on has to stay known
     * to it until it ends. An unreadable pack is left out.
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
                // Damaged, or deleted since it was listed: the next catch-up says what it is.
            }
        }
    }

    /** Before others' packs are entered: manifests rely on what the index names, so it has to outlast a power cut. */
    private static void settle(Backend backend, Set<ChunkId> packs) throws IOException {
        backend.settle(packs.stream().map(PackFormat::objectName).toList());
    }

    /** A chunk may be in two packs, and the index names one place: where that was in a lost pack, the other counts. */
    private void enterAgain(Backend backend) throws IOException {
        for (Map.Entry<Integer, ChunkId> pack : packs.byNumber().entrySet()) {
            try {
                enter(pack.getKey(), pack.getValue(), PackReader.footer(backend, pack.getValue()));
            } catch (CorruptDataException | NoSuchFileException e) {
                // What the index knows of this pack stays as it is.
            }
        }
    }

    /** Told after each footer that {@link #catchUp} has read. */
    @FunctionalInterface
    public interface PackProgress {
        void packs(int done, int total);
    }

    /** Compares with the names of the packs. Every backup does that, beside any number of packs. */
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

    /** How long the newest comparison took, in nanoseconds: who repeats it may leave pauses accordingly. */
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

    /** Changes whenever the index forgets a pack: whoever relied on what it held before has to look again. */
    public int epoch() throws IOException {
        return IndexKeys.u32(get(IndexKeys.EPOCH)) + 1;
    }

    /**
     * Whether every page and block below map root {@code root} was found in the packs, and no pack has vanished since.
     * Then a backup can inherit from that map without walking it.
     */
    public boolean isProven(ChunkId root) throws IOException {
        byte[] value = get(IndexKeys.root(root));
        return root.isZero() || (value != null && IndexKeys.u32(value) == epoch());
    }

    /** Records that everything below {@code root} is present. */
    public void proven(ChunkId root) throws IOException {
        put(IndexKeys.root(root), IndexKeys.u32(epoch()));
    }

    /** Makes what was entered so far durable and visible to readers that open from now on. */
    public void flush() throws IOException {
        database.flush();
    }

    /**
     * Waits until the files that are due to be merged are, so that the next who opens the index need not begin. After a
     * few chunks it returns at once; where most of 100 million are due it takes about a minute.
     */
    public void finishMerging() throws IOException {
        database.finishMerging();
    }

    /** Number of chunks, about. */
    public long estimatedChunks() throws IOException {
        return database.estimatedKeys();
    }

    /**
     * Calls {@code visitor} for every chunk the index holds, in the order of ids. Reads the whole database and checks
     * RocksDB's own checksums, through files that are open already: a writer may compact them away meanwhile.
     *
     * @throws DamagedIndexException when a checksum is wrong
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
