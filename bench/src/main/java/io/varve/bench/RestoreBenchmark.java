package io.varve.bench;

import io.varve.adapters.raw.RawTarget;
import io.varve.engine.Cancellation;
import io.varve.engine.port.DiskTarget;
import io.varve.engine.range.Range;
import io.varve.engine.restore.RestoreJob;
import io.varve.engine.restore.RestoreListener;
import io.varve.store.Folder;
import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.backend.LocalBackend;
import io.varve.store.check.Finding;
import io.varve.store.check.Fsck;
import io.varve.store.check.FsckListener;
import io.varve.store.check.FsckOptions;
import io.varve.store.check.FsckReport;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.session.ReadSession;
import io.varve.store.snapshot.DiskRecord;
import java.io.IOException;
import java.nio.file.Files;
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
 * The way back, by all processors: one operation restores a raw disk of {@code bytes} to a new file, made durable, or
 * reads and checks all that is stored of it. Packs are in the page cache if they fit: they are read once before. With
 * {@code readMillis} each read takes so much longer.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4)
@Measurement(iterations = 8)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx512m", "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED"})
public class RestoreBenchmark {
    @Param("268435456")
    private long bytes;

    @Param("0")
    private long readMillis;

    private Path folder;
    private Repository repository;
    private DiskRecord disk;

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
        disk = BenchBackup.run(repository, source).manifest().disks().get(0);
        Files.delete(source);
        check();
        if (readMillis > 0) {
            Path root = Path.of(repository.location());
            repository.close();
            repository = Repository.open(new Folder(root, new FarAwayBackend(new LocalBackend(root), readMillis)));
        }
    }

    @TearDown(Level.Iteration)
    public void deleteRestored() throws IOException {
        Files.deleteIfExists(folder.resolve("restored.raw"));
    }

    @TearDown(Level.Trial)
    public void delete() throws IOException {
        repository.close();
        Scratch.delete(folder);
    }

    @Benchmark
    public RestoreJob.Result restore() throws IOException {
        int threads = Runtime.getRuntime().availableProcessors();
        try (ReadSession session = ReadSession.open(repository, notice -> {});
                DiskTarget target = RawTarget.create(folder.resolve("restored.raw"), disk.size(), false)) {
            RestoreJob.Result result =
                    new RestoreJob(session, disk, threads, false, new Silent(), new Cancellation()).run(target);
            target.commit();
            return result;
        }
    }

    @Benchmark
    public FsckReport check() throws IOException {
        int threads = Runtime.getRuntime().availableProcessors();
        FsckReport report =
                new Fsck(repository, FsckOptions.of(FsckOptions.Level.READ_DATA, threads), new Silent()).run();
        if (report.hasErrors()) {
            throw new IOException(report.findings().get(0).message());
        }
        return report;
    }

    private static final class Silent implements RestoreListener, FsckListener {
        @Override
        public void bytesDone(long done) {}

        @Override
        public void damaged(Range range, CorruptDataException why) {}

        @Override
        public void check() {}

        @Override
        public void phase(String name, long total) {}

        @Override
        public void advanced(long units) {}

        @Override
        public void found(Finding finding) {}
    }
}
