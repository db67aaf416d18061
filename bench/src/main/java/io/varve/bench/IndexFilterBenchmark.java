package io.varve.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.EnvOptions;
import org.rocksdb.IngestExternalFileOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileWriter;

/**
 * What a look-up costs by the number of chunks, the filter, and one by one or in batches: RocksDB set as the index sets
 * it (10 bits a chunk, 32 MiB of blocks cached, no compression), fully compacted, files in the page cache. One
 * operation is one chunk. 100 million: {@code -p chunks=100000000}, which takes 6.5 GB of scratch per filter.
 *
 * <p>{@link IndexBenchmark} has the index itself. Ribbon filters have no class in RocksDB's Java API, only a word in
 * its options, so both are set by words here.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx256m"})
public class IndexFilterBenchmark {
    private static final int VALUE_SIZE = 12;
    private static final int BATCH = 256;
    private static final int KEYS_PER_FILE = 1_000_000;

    @Param({"1000000", "10000000"})
    private long chunks;

    @Param({"bloomfilter:10:false", "ribbonfilter:10"})
    private String filter;

    private final SplittableRandom random = new SplittableRandom(1);
    private IndexKeyRow keys;
    private Path folder;
    private DBOptions databaseOptions;
    private ColumnFamilyOptions options;
    private RocksDB database;
    private final List<ColumnFamilyHandle> handles = new ArrayList<>();

    @Setup(Level.Trial)
    public void make() throws IOException, RocksDBException {
        RocksDB.loadLibrary();
        folder = Scratch.newFolder();
        keys = new IndexKeyRow(chunks);
        Properties words = new Properties();
        words.setProperty("block_based_table_factory", "{filter_policy=" + filter + ";block_cache=32M}");
        options = ColumnFamilyOptions.getColumnFamilyOptionsFromProps(words);
        if (options == null) {
            throw new IllegalStateException("RocksDB does not know " + words);
        }
        options.setCompressionType(CompressionType.NO_COMPRESSION);
        databaseOptions = new DBOptions().setCreateIfMissing(true).setMaxOpenFiles(-1);
        database = RocksDB.open(
                databaseOptions,
                folder.resolve("db").toString(),
                List.of(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, options)),
                handles);
        for (long first = 0; first < chunks; first += KEYS_PER_FILE) {
            ingest(first, Math.min(chunks, first + KEYS_PER_FILE));
        }
        warm();
    }

    /** The writer of such files tells the system to forget their pages. */
    private void warm() throws IOException {
        try (var files = Files.list(folder.resolve("db"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                try (InputStream in = Files.newInputStream(file)) {
                    in.transferTo(OutputStream.nullOutputStream());
                }
            }
        }
    }

    private void ingest(long first, long end) throws RocksDBException {
        String file = folder.resolve("part.sst").toString();
        try (EnvOptions environment = new EnvOptions();
                Options both = new Options(databaseOptions, options);
                SstFileWriter writer = new SstFileWriter(environment, both);
                IngestExternalFileOptions how = new IngestExternalFileOptions().setMoveFiles(true)) {
            writer.open(file);
            byte[] value = new byte[VALUE_SIZE];
            for (long number = first; number < end; number++) {
                writer.put(keys.present(number), value);
            }
            writer.finish();
            database.ingestExternalFile(List.of(file), how);
        }
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        handles.forEach(ColumnFamilyHandle::close);
        database.close();
        options.close();
        databaseOptions.close();
        Scratch.delete(folder);
    }

    @Benchmark
    public byte[] hit() throws RocksDBException {
        return database.get(keys.present(random.nextLong(chunks)));
    }

    @Benchmark
    public byte[] miss() throws RocksDBException {
        return database.get(keys.absent(random.nextLong(chunks)));
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public List<byte[]> hitBatch() throws RocksDBException {
        List<byte[]> batch = new ArrayList<>(BATCH);
        for (int i = 0; i < BATCH; i++) {
            batch.add(keys.present(random.nextLong(chunks)));
        }
        return database.multiGetAsList(batch);
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public List<byte[]> missBatch() throws RocksDBException {
        List<byte[]> batch = new ArrayList<>(BATCH);
        for (int i = 0; i < BATCH; i++) {
            batch.add(keys.absent(random.nextLong(chunks)));
        }
        return database.multiGetAsList(batch);
    }
}
