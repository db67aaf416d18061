package io.varve.bench;

import io.varve.adapters.file.ByteSources;
import io.varve.adapters.file.Reader;
import io.varve.engine.port.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;
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
 * The reader paths, page cache warm: one operation fills a direct buffer with one run. Multiply operations per second
 * by the run's size for throughput. The file is {@code -Dvarve.bench.file=…}, or 512 MiB of random bytes made for the
 * run.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx256m", "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED"})
public class ReaderBenchmark {
    private static final int MADE_SIZE = 512 << 20;

    /** Where the next run begins. */
    public enum Pattern {
        /** Behind the last one. */
        SEQUENTIAL,
        /** Anywhere, as a change list leads. */
        SCATTERED
    }

    @Param({"DIRECT", "MAPPED"})
    private Reader reader;

    @Param({"65536", "1048576", "4194304"})
    private int runSize;

    @Param
    private Pattern pattern;

    private final SplittableRandom random = new SplittableRandom(1);
    private Path made;
    private ByteSource source;
    private ByteBuffer buffer;
    private long runs;
    private long next;

    @Setup(Level.Trial)
    public void open() throws IOException {
        String given = System.getProperty("varve.bench.file");
        source = ByteSources.open(given == null ? make() : Path.of(given), reader);
        buffer = ByteBuffer.allocateDirect(runSize);
        runs = source.size() / runSize;
        for (long run = 0; run < runs; run++) {
            source.read(run * runSize, buffer.clear());
        }
    }

    private Path make() throws IOException {
        made = Files.createTempFile("varve-bench", ".raw");
        byte[] bytes = new byte[1 << 20];
        try (FileChannel channel = FileChannel.open(made, StandardOpenOption.WRITE)) {
            for (int written = 0; written < MADE_SIZE; written += bytes.length) {
                random.nextBytes(bytes);
                channel.write(ByteBuffer.wrap(bytes));
            }
        }
        return made;
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        source.close();
        if (made != null) {
            Files.delete(made);
        }
    }

    @Benchmark
    public ByteBuffer read() throws IOException {
        long run = pattern == Pattern.SEQUENTIAL ? next++ % runs : random.nextLong(runs);
        source.read(run * runSize, buffer.clear());
        return buffer;
    }
}
