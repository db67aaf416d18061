package io.varve.bench;

import io.varve.engine.port.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
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
 * The reader paths, page cache cold: one operation reads {@code bytes} of a file of 512 MiB, run by run, of which
 * before each operation {@link PageCache} dropped every page. One thread, one read at a time, so a fast disk is not
 * busy.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2)
@Measurement(iterations = 5)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx256m", "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED"})
public class ColdReaderBenchmark {
    private static final long FILE_SIZE = 512L << 20;

    @Param({"DIRECT", "MAPPED", "UNCACHED"})
    private ReaderPath reader;

    @Param({"65536", "1048576", "4194304"})
    private int run;

    @Param
    private RunOrder order;

    @Param("134217728")
    private int bytes;

    private Path folder;
    private Path file;
    private ByteSource source;
    private ByteBuffer buffer;
    private long[] offsets;

    @Setup(Level.Trial)
    public void make() throws IOException {
        folder = Scratch.newFolder();
        file = Content.NOISE.write(folder.resolve("disk.raw"), FILE_SIZE);
        buffer = ReaderPath.newBuffer(run);
        offsets = order.offsets(FILE_SIZE, run, bytes / run);
    }

    /** Opened after that, since what is mapped cannot be dropped. */
    @Setup(Level.Iteration)
    public void cool() throws IOException {
        PageCache.drop(file);
        source = reader.open(file);
    }

    @TearDown(Level.Iteration)
    public void close() throws IOException {
        source.close();
    }

    @TearDown(Level.Trial)
    public void delete() throws IOException {
        Scratch.delete(folder);
    }

    @Benchmark
    public ByteBuffer read() throws IOException {
        for (long offset : offsets) {
            source.read(offset, buffer.clear());
        }
        return buffer;
    }
}
