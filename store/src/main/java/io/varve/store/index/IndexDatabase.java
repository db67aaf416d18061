package io.varve.store.index;

import io.varve.store.backend.Modes;
import io.varve.store.backend.PlainFile;
import io.varve.store.fault.CorruptDataException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
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
import org.rocksdb.Status;

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

    static boolean exists(Path directory) {
        return Files.isSymbolicLink(directory) || Files.exists(directory.resolve("CURRENT"));
    }

    static IndexDatabase open(Path directory, boolean readOnly) throws IOException {
        RocksLibrary.load();
        checkIsNoLink(directory, readOnly);
        checkFiles(directory);
        if (Files.exists(directory.resolve(MARK))) {
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
            if (!readOnly && isLocked(e, directory)) {
                throw new IndexBusyException(directory, e);
            }
            throw new DamagedIndexException(directory, "cannot be opened", e);
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
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                if (!PlainFile.is(entry)
                        && Files.exists(entry, LinkOption.NOFOLLOW_LINKS)
                        && !Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    throw new DamagedIndexException(
                            directory, "contains " + entry.getFileName() + ", which is not a file", null);
                }
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

    /**
     * Whether the database is locked by another process. RocksDB has no code for this, only a message. The message
     * contains the path, which is removed first, because it may contain "lock" itself.
     */
    private static boolean isLocked(RocksDBException e, Path directory) {
        return e.getStatus() != null
                && e.getStatus().getCode() == Status.Code.IOError
                && String.valueOf(e.getMessage())
                        .replace(directory.toString(), "")
                        .toLowerCase(java.util.Locale.ROOT)
                        .contains("lock");
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
     * Translates an error of RocksDB. A full disk is a failure of the disk; anything else makes the index unusable, and
     * it can be rebuilt.
     */
    IOException failed(String what, RocksDBException e) {
        Status status = e.getStatus();
        if (status != null && status.getSubCode() == Status.SubCode.NoSpace) {
            return new IOException("index " + directory + ": no space left on device", e);
        }
        if (status != null && status.getCode() == Status.Code.Corruption) {
            mark();
        }
        return new DamagedIndexException(directory, what, e);
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
