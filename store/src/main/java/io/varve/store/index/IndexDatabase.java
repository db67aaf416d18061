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

/** The RocksDB database of the index: its options, its errors in our words, and the order of closing. */
final class IndexDatabase implements Closeable {
    private static final long BLOCK_CACHE_SIZE = 32L << 20;
    private static final long WRITE_BUFFER_SIZE = 16L << 20;
    private static final int FILTER_BITS_PER_CHUNK = 10;

    /** Sorted runs that are there before RocksDB merges some. A question about a new chunk asks the filter of each. */
    private static final int MERGED_FROM = 8;

    /**
     * How much larger than all younger ones together a run may be to be merged with them. So the runs that stay at
     * least double from one to the next, and a night's few chunks are merged with few others. RocksDB's 1 per cent
     * leaves many runs of like size, and to keep their number down each night's chunks go into the least of them,
     * however large.
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

    /** RocksDB makes its files as the umask says; one that another user's RocksDB cannot open bars the index to it. */
    private static void makeLockFile(Path file) throws IOException {
        try {
            Files.createFile(file);
        } catch (FileAlreadyExistsException e) {
            // Made before.
        }
    }

    /** The index is deleted and rebuilt as a whole, so it must be where it seems to be. */
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

    /** RocksDB follows links, and waits for pipes: files that are none make the index unusable, and it is rebuilt. */
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
                .setCompressionType(CompressionType.NO_COMPRESSION) // keys are digests
                .setWriteBufferSize(WRITE_BUFFER_SIZE)
                .setInfoLogLevel(InfoLogLevel.ERROR_LEVEL)
                .setKeepLogFileNum(1)
                // A reader keeps every file open, so that a writer's compaction cannot take one away.
                .setMaxOpenFiles(-1)
                .setSkipStatsUpdateOnDbOpen(true)
                // Files of like size are merged. By levels, a night's few chunks, which lie everywhere, would be merged
                // with a large part of all; the night is over before that is done, and the next starts over.
                .setCompactionStyle(CompactionStyle.UNIVERSAL)
                .setLevel0FileNumCompactionTrigger(MERGED_FROM)
                // A cache that is behind with merging must not keep a backup waiting.
                .setLevel0SlowdownWritesTrigger(16 * MERGED_FROM)
                .setLevel0StopWritesTrigger(32 * MERGED_FROM)
                .setTableFormatConfig(
                        new BlockBasedTableConfig().setFilterPolicy(filter).setBlockCache(cache));
    }

    /** RocksDB has no code for it, only words, among which stands the path: that may speak of blocks or clocks. */
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
     * Waits until RocksDB has merged what it sees to merge. Closing ends a merging in the midst, and then it is begun
     * again after every opening: a process that is quickly done would never get to the end of it.
     */
    void finishMerging() throws IOException {
        try {
            List<String> before;
            do {
                before = files();
                // To pause waits for the merging that is under way, to continue begins the next that is due.
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

    /** A full disk is the disk's failure; everything else makes the index unusable, and it can be rebuilt. */
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

    /** A bad block shows only when it is read: it is marked, so that the next one to open the index rebuilds it. */
    private void mark() {
        try {
            Files.createFile(directory.resolve(MARK));
        } catch (IOException e) {
            // It is marked, or cannot be: then the next one meets the block again.
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
