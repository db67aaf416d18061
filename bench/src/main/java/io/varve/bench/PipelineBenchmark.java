package io.varve.bench;

import io.varve.store.Folder;
import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.crypt.Argon2;
import io.varve.store.crypt.Credential;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The whole pipeline by all processors: one operation is one backup of a raw disk of {@code bytes}, from opening the
 * session to the commit, syncs included, page cache warm. The limit for {@code NEW} is {@link LimitBenchmark}'s.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4)
@Measurement(iterations = 8)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx512m", "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED"})
public class PipelineBenchmark {
    /** What the repository has of the disk. */
    public enum Night {
        /** Nothing: all is hashed, compressed, checked, stored. */
        NEW,
        /** All of it, and no change list: all is read and hashed. */
        UNCHANGED,
        /** The disk is written full of zeros: all is read. */
        ZEROS
    }

    @Param
    private Night night;

    @Param({"false", "true"})
    private boolean encrypted;

    @Param("268435456")
    private long bytes;

    private Path folder;
    private Path disk;
    private Repository repository;
    private int made;

    @Setup(Level.Trial)
    public void makeDisk() throws IOException {
        folder = Scratch.newFolder();
        Content content = night == Night.ZEROS ? Content.ZEROS : Content.MIXED;
        disk = content.write(folder.resolve("disk.raw"), bytes);
        if (night == Night.UNCHANGED) {
            repository = makeRepository();
            backup();
        }
    }

    @Setup(Level.Iteration)
    public void prepare() throws IOException {
        if (night != Night.UNCHANGED) {
            repository = makeRepository();
        }
    }

    private Repository makeRepository() throws IOException {
        int number = ++made;
        Path root = folder.resolve("repo" + number);
        RepositoryConfig config = new RepositoryConfig(
                UUID.randomUUID(),
                LimitBenchmark.BLOCK,
                RepositoryConfig.DEFAULT_PACK_TARGET_SIZE,
                Instant.EPOCH,
                encrypted);
        if (!encrypted) {
            return Repository.init(root, config);
        }
        try (Credential key = Credential.newKeyFile(folder.resolve("key" + number))) {
            return Repository.initEncrypted(new Folder(root), config, key, "bench", Argon2.DEFAULT);
        }
    }

    @TearDown(Level.Iteration)
    public void drop() throws IOException {
        if (night != Night.UNCHANGED) {
            repository.close();
            Scratch.delete(Path.of(repository.location()));
        }
    }

    @TearDown(Level.Trial)
    public void delete() throws IOException {
        if (night == Night.UNCHANGED) {
            repository.close();
        }
        Scratch.delete(folder);
    }

    @Benchmark
    public Snapshot backup() throws IOException {
        return BenchBackup.run(repository, disk);
    }
}
