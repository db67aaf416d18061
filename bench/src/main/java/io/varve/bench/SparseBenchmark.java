package io.varve.bench;

import io.varve.adapters.DiskImages;
import io.varve.adapters.file.Reader;
import io.varve.adapters.raw.RawTarget;
import io.varve.adapters.vhdx.write.NewVhdx;
import io.varve.adapters.vhdx.write.VhdxTarget;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.DiskTarget;
import io.varve.engine.range.Range;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
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
 * A disk of 4 GiB that is nearly all holes: one operation asks for the data of one window of 64 MiB and reads it, one
 * piece of 4 MiB. Page cache warm. MB/s counts what is read; the windows pass sixteen times as fast.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx256m", "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED"})
public class SparseBenchmark {
    private static final long SIZE = 4L << 30;
    private static final int WINDOW = 64 << 20;

    @Param({"RAW", "VHDX_DYNAMIC"})
    private FormatBenchmark.Format format;

    @Param("4194304")
    private int runSize;

    private Path folder;
    private DiskImage image;
    private ByteBuffer buffer;
    private long next;

    @Setup(Level.Trial)
    public void open() throws IOException {
        folder = Scratch.newFolder();
        boolean raw = format == FormatBenchmark.Format.RAW;
        Path file = folder.resolve(raw ? "disk.raw" : "disk.vhdx");
        buffer = ByteBuffer.allocateDirect(runSize);
        SplittableRandom random = new SplittableRandom(1);
        try (DiskTarget target = raw
                ? RawTarget.create(file, SIZE, false)
                : VhdxTarget.create(file, NewVhdx.ofSize(SIZE).withBlockSize(runSize), false)) {
            for (long window = 0; window < SIZE; window += WINDOW) {
                Content.NOISE.fill(buffer, random);
                target.write(window + (long) random.nextInt(WINDOW / runSize) * runSize, buffer);
            }
            target.commit();
        }
        image = DiskImages.open(file, Reader.DIRECT);
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        image.close();
        Scratch.delete(folder);
    }

    @Benchmark
    public ByteBuffer read() throws IOException {
        for (Range range : image.allocated(new Range(next++ % (SIZE / WINDOW) * WINDOW, WINDOW))) {
            image.read(range.offset(), buffer.clear().limit((int) range.length()));
        }
        return buffer;
    }
}
