package io.varve.bench;

import io.varve.adapters.DiskImages;
import io.varve.adapters.file.Reader;
import io.varve.adapters.vhdx.write.NewParent;
import io.varve.adapters.vhdx.write.NewVhdx;
import io.varve.adapters.vhdx.write.VhdxDifferenceTarget;
import io.varve.adapters.vhdx.write.VhdxTarget;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.DiskTarget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.SplittableRandom;
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
 * What the format in the file costs: one operation reads one run of a full disk of 256 MiB through it, page cache warm.
 * {@link ChainBenchmark} has longer chains.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx256m", "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED"})
public class FormatBenchmark {
    private static final int SIZE = 256 << 20;
    private static final int PIECE = 1 << 20;
    private static final int CHANGED = 64 << 10;

    /** What lies on the disk. */
    public enum Format {
        RAW,
        VHDX_FIXED,
        VHDX_DYNAMIC,
        /** A dynamic one and a differencing one above it, which has every eighth range of 64 KiB. */
        VHDX_CHAIN
    }

    @Param
    private Format format;

    @Param({"65536", "1048576", "4194304"})
    private int runSize;

    @Param
    private RunOrder order;

    private Path folder;
    private DiskImage image;
    private ByteBuffer buffer;
    private long[] offsets;
    private int next;

    @Setup(Level.Trial)
    public void open() throws IOException {
        folder = Scratch.newFolder();
        image = DiskImages.open(make(), Reader.DIRECT);
        buffer = ByteBuffer.allocateDirect(runSize);
        offsets = order.offsets(SIZE, runSize, SIZE / runSize);
        for (long offset = 0; offset < SIZE; offset += runSize) {
            image.read(offset, buffer.clear());
        }
    }

    private Path make() throws IOException {
        if (format == Format.RAW) {
            return Content.NOISE.write(folder.resolve("disk.raw"), SIZE);
        }
        UUID state = UUID.randomUUID();
        Path base = folder.resolve("disk.vhdx");
        NewVhdx shape = NewVhdx.ofSize(SIZE).withDataWriteGuid(state);
        try (DiskTarget target =
                VhdxTarget.create(base, format == Format.VHDX_FIXED ? shape.asFixed() : shape, false)) {
            fill(target, PIECE, PIECE);
        }
        if (format != Format.VHDX_CHAIN) {
            return base;
        }
        Path child = folder.resolve("child.avhdx");
        NewVhdx above = NewVhdx.ofSize(SIZE).asChildOf(NewParent.at(base, child, state));
        try (DiskTarget target = VhdxDifferenceTarget.create(child, above, false)) {
            fill(target, CHANGED, 8 * CHANGED);
        }
        return child;
    }

    private static void fill(DiskTarget target, int length, int step) throws IOException {
        ByteBuffer piece = ByteBuffer.allocateDirect(length);
        SplittableRandom random = new SplittableRandom(1);
        for (int offset = 0; offset < SIZE; offset += step) {
            Content.NOISE.fill(piece, random);
            target.write(offset, piece);
        }
        target.commit();
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        image.close();
        Scratch.delete(folder);
    }

    @Benchmark
    public ByteBuffer read() throws IOException {
        image.read(offsets[next++ % offsets.length], buffer.clear());
        return buffer;
    }
}
