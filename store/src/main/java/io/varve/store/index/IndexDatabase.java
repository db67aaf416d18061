package io.varve.store.index;

import io.varve.store.backend.Modes;
import io.varve.store.backend.PlainFile;
import io.varve.store.fault.CorruptDataException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompactionOptionsUniversal;
import org.rocksdb.CompactionStyle;
import org.rocksdb.CompressionType;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.LiveFileMetaData;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** The RocksDB database of the index: its options, the translation of its errors, and the order of closing. */
final class IndexDatabase implements Closeable {
    private static final long BLOCK_CACHE_SIZE = 32L << 20;
    private static final long WRITE_BUFFER_SIZE = 16L << 20;
    private static final int FILTER_BITS_PER_CHUNK = 10;

    /**
     * The number of sorted runs at which RocksDB starts merging. Looking up a new chunk asks the filter of each run.
     */
    private static final int MERGED_FROM = 8;

    /**
     * A run is merged with all younger runs if it is at most this much larger than they are together. Runs that remain
     * thus at least double in size from one to the next, and one night's few chunks are merged with few others.
     * RocksDB's default of 1 per cent leaves many runs of similar size; to limit their number, each night's chunks are
     * then merged into the smallest of them, however large it is.
     */
    private static final int LARGER_BY_PERCENT = 100;

    private static final String MARK = "DAMAGED";

    private final Path directory;
    private final RocksDB db;
    private final boolean readOnly;
    private final List<AutoCloseable> resources;

    private IndexDatabase(Path directory, RocksDB db, boolean readOnly, List<AutoCloseable> resources) {
        this.directory = directory;
        this.db = db;
        this.readOnly = readOnly;
        this.resources = resources;
    }

    /** Whether there is an index that this user can see. */
    static boolean exists(Path directory) throws IOException {
        try {
            return Files.isSymbolicLink(directory) || PlainFile.whatHas(directory.resolve("CURRENT")) != null;
        } catch (AccessDeniedException e) {
            return false;
        }
    }

    static IndexDatabase open(Path directory, boolean readOnly) throws IOException {
        RocksLibrary.load();
        checkIsNoLink(directory, readOnly);
        checkFiles(directory);
        if (PlainFile.whatHas(directory.resolve(MARK)) != null) {
            throw new DamagedIndexException(directory, "was found damaged by an earlier reader", null);
        }
        if (!readOnly) {
            Modes.createDirectories(directory);
            if (Modes.isShared(directory)) {
                makeLockFile(directory.resolve("LOCK"));
            }
        }
        LRUCache cache = new LRUCache(BLOCK_CACHE_SIZE);
        BloomFilter filter = new BloomFilter(FILTER_BITS_PER_CHUNK);
        CompactionOptionsUniversal merging = new CompactionOptionsUniversal().setSizeRatio(LARGER_BY_PERCENT);
        Options options =
                options(filter, cache).setCompactionOptionsUniversal(merging).setCreateIfMissing(!readOnly);
        List<AutoCloseable> resources = List.of(options, merging, filter, cache);
        try {
            RocksDB db = readOnly
                    ? RocksDB.openReadOnly(options, directory.toString())
                    : RocksDB.open(options, directory.toString());
            if (!readOnly) {
                Modes.settleAll(directory);
            }
            return new IndexDatabase(directory, db, readOnly, resources);
        } catch (RocksDBException e) {
            closeAll(resources);
            if (!readOnly && IndexFailure.isLocked(directory, e)) {
                throw new IndexBusyException(directory, e);
            }
            throw IndexFailure.of(directory, "cannot be opened", e);
        }
    }

    /**
     * Creates the lock file with the mode that the repository needs. RocksDB would apply the umask, and a lock file
     * that another user cannot open would keep that user out of the index.
     */
    private static void makeLockFile(Path file) throws IOException {
        try {
            Files.createFile(file);
        } catch (FileAlreadyExistsException e) {
            // Exists already.
        }
    }

    /** Refuses a symbolic link: the index is deleted and rebuilt as a whole, which must not happen elsewhere. */
    private static void checkIsNoLink(Path directory, boolean readOnly) throws IOException {
        if (!Files.isSymbolicLink(directory)) {
            return;
        }
        if (readOnly) {
            throw new DamagedIndexException(directory, "is a symbolic link, which is not followed", null);
        } else {
            throw new CorruptDataException(
                    directory.toString(),
                    -1,
                    "a directory",
                    "a symbolic link, which is not followed; remove it, and the index is rebuilt");
        }
    }

    /**
     * Checks that there are only regular files, because RocksDB follows links and waits for pipes. Anything else makes
     * the index unusable, and it is rebuilt.
     */
    private static void checkFiles(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        for (Path entry : PlainFile.in(directory)) {
            if (!PlainFile.is(entry)
                    && Files.exists(entry, LinkOption.NOFOLLOW_LINKS)
                    && !Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                throw new DamagedIndexException(
                        directory, "contains " + entry.getFileName() + ", which is not a file", null);
            }
        }
    }

    private static Options options(BloomFilter filter, LRUCache cache) {
        return new Options()
                .setCompressionType(CompressionType.NO_COMPRESSION) // digests do not compress
                .setWriteBufferSize(WRITE_BUFFER_SIZE)
                .setInfoLogLevel(InfoLogLevel.ERROR_LEVEL)
                .setKeepLogFileNum(1)
                // A reader keeps every file open, so that it can still read files that a writer's compaction deletes.
                .setMaxOpenFiles(-1)
                .setSkipStatsUpdateOnDbOpen(true)
                // Files of similar size are merged. With levels, one night's few chunks, which are spread over the
                // whole key space, would be merged with most of the database; the process would end before that is
                // done, and the next would start over.
                .setCompactionStyle(CompactionStyle.UNIVERSAL)
                .setLevel0FileNumCompactionTrigger(MERGED_FROM)
                // A backup must not wait because merging is behind.
                .setLevel0SlowdownWritesTrigger(16 * MERGED_FROM)
                .setLevel0StopWritesTrigger(32 * MERGED_FROM)
                .setTableFormatConfig(
                        new BlockBasedTableConfig().setFilterPolicy(filter).setBlockCache(cache));
    }

    static void delete(Path directory) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (var tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    RocksDB db() {
        return db;
    }

    Path directory() {
        return directory;
    }

    void flush() throws IOException {
        try (FlushOptions wait = new FlushOptions().setWaitForFlush(true)) {
            db.flush(wait);
        } catch (RocksDBException e) {
            throw failed("cannot be flushed", e);
        }
    }

    /**
     * Waits until RocksDB has finished the merges that are due. Closing would abort a merge, and the next process would
     * start it again; with short-lived processes it would never be completed.
     */
    void finishMerging() throws IOException {
        try {
            List<String> before;
            do {
                before = files();
                // Pausing waits for the running merge; continuing starts the next one that is due.
                db.pauseBackgroundWork();
                db.continueBackgroundWork();
            } while (!files().equals(before));
        } catch (RocksDBException e) {
            throw failed("cannot be merged", e);
        }
    }

    private List<String> files() {
        return db.getLiveFilesMetaData().stream()
                .map(LiveFileMetaData::fileName)
                .sorted()
                .toList();
    }

    long estimatedKeys() throws IOException {
        try {
            return db.getLongProperty("rocksdb.estimate-num-keys");
        } catch (RocksDBException e) {
            throw failed("cannot be read", e);
        }
    }

    /**
     * The exception for an error of RocksDB. An index that turns out to be damaged is marked, unless it is just a part
     * of it that is not there.
     */
    IOException failed(String what, RocksDBException e) {
        IOException failure = IndexFailure.of(directory, what, e);
        if (failure instanceof DamagedIndexException && IndexFailure.isOfContent(directory, e)) {
            mark();
        }
        return failure;
    }

    /**
     * Marks the index as damaged. A bad block shows only when it is read; with the mark, the next process that opens
     * the index rebuilds it.
     */
    private void mark() {
        try {
            Files.createFile(directory.resolve(MARK));
        } catch (IOException e) {
            // It is marked already, or cannot be; then the next process finds the bad block again.
        }
    }

    @Override
    public void close() throws IOException {
        db.close();
        if (!readOnly) {
            Modes.settleAll(directory);
        }
        closeAll(resources);
    }

    private static void closeAll(List<AutoCloseable> resources) throws IOException {
        for (AutoCloseable resource : resources) {
            try {
                resource.close();
            } catch (Exception e) {
                throw new IOException(e);
            }
        }
    }
}
