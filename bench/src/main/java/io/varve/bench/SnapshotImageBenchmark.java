package io.varve.bench;

import io.varve.engine.restore.SnapshotImage;
import io.varve.store.Folder;
import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.backend.LocalBackend;
import io.varve.store.session.ReadSession;
import io.varve.store.snapshot.DiskRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A disk of a snapshot, read without being restored: 8 readers of 4 KiB at random places, and one who reads 1 MiB after
 * the other. Packs are in the page cache if they fit; with {@code readMillis} each read of one takes so much longer.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx512m", "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED"})
public class SnapshotImageBenchmark {
    private static final int SMALL = 4 << 10;
    private static final int LARGE = 1 << 20;

    @Param("268435456")
    private long bytes;

    @Param({"0", "5"})
    private long readMillis;

    private Path folder;
    private Repository repository;
    private ReadSession session;
    private SnapshotImage image;
    private final AtomicLong next = new AtomicLong();

    /** One reader's buffer, and where it reads. */
    @State(Scope.Thread)
    public static class Reader {
        private final SplittableRandom random = new SplittableRandom();
        private final ByteBuffer small = ByteBuffer.allocateDirect(SMALL);
        private final ByteBuffer large = ByteBuffer.allocateDirect(LARGE);
    }

    @Setup(Level.Trial)
    public void backUp() throws IOException {
        folder = Scratch.newFolder();
        Path source = Content.MIXED.write(folder.resolve("disk.raw"), bytes);
        repository = Repository.init(
                folder.resolve("repo"),
                new RepositoryConfig(
                        UUID.randomUUID(),
                        LimitBenchmark.BLOCK,
                        RepositoryConfig.DEFAULT_PACK_TARGET_SIZE,
                        Instant.EPOCH));
        DiskRecord disk = BenchBackup.run(repository, source).manifest().disks().get(0);
        Files.delete(source);
        if (readMillis > 0) {
            Path root = Path.of(repository.location());
            repository.close();
            repository = Repository.open(new Folder(root, new FarAwayBackend(new LocalBackend(root), readMillis)));
        }
        session = ReadSession.open(repository, notice -> {});
        image = new SnapshotImage(session, disk, "benchmark");
    }

    @TearDown(Level.Trial)
    public void delete() throws IOException {
        image.close();
        session.close();
        repository.close();
        Scratch.delete(folder);
    }

    @Benchmark
    @Threads(8)
    public int random(Reader reader) throws IOException {
        long offset = reader.random.nextLong(bytes / SMALL) * SMALL;
        image.read(offset, reader.small.clear());
        return reader.small.get(0);
    }

    @Benchmark
    @Threads(1)
    public int sequential(Reader reader) throws IOException {
        image.read(next.getAndAdd(LARGE) % bytes, reader.large.clear());
        return reader.large.get(0);
    }
}
