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
 * The reader paths, page cache warm: one operation fills a direct buffer with one run. The file is
 * {@code -Dvarve.bench.file=…}, or 512 MiB of random bytes made for the run. {@code O_DIRECT} asks the disk every time,
 * warm or not.
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
    private static final long MADE_SIZE = 512L << 20;

    @Param({"DIRECT", "MAPPED", "UNCACHED"})
    private ReaderPath reader;

    @Param({"65536", "1048576", "4194304"})
    private int runSize;

    @Param
    private RunOrder order;

    private Path folder;
    private ByteSource source;
    private ByteBuffer buffer;
    private long[] offsets;
    private int next;

    @Setup(Level.Trial)
    public void open() throws IOException {
        String given = System.getProperty("varve.bench.file");
        folder = Scratch.newFolder();
        Path file = given == null ? Content.NOISE.write(folder.resolve("disk.raw"), MADE_SIZE) : Path.of(given);
        buffer = ReaderPath.newBuffer(runSize);
        try (ByteSource warming = ReaderPath.DIRECT.open(file)) {
            for (long offset = 0; offset + runSize <= warming.size(); offset += runSize) {
                warming.read(offset, buffer.clear());
            }
        }
        source = reader.open(file);
        offsets = order.offsets(source.size(), runSize, (int) (source.size() / runSize));
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        source.close();
        Scratch.delete(folder);
    }

    @Benchmark
    public ByteBuffer read() throws IOException {
        source.read(offsets[next++ % offsets.length], buffer.clear());
        return buffer;
    }
}
