package io.varve.bench;

import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.file.LocalFile;
import io.varve.adapters.file.Reader;
import io.varve.adapters.vhdx.read.VhdxChain;
import io.varve.adapters.vhdx.write.NewParent;
import io.varve.adapters.vhdx.write.NewVhdx;
import io.varve.adapters.vhdx.write.VhdxDifferenceTarget;
import io.varve.adapters.vhdx.write.VhdxTarget;
import io.varve.engine.port.DiskTarget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
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
 * Reading a disk of 256 MiB through chains of several depths, page cache warm: one operation fills a direct buffer with
 * one run. Every file above the first holds 2 % of the disk in ranges of 64 KiB, so that runs are put together from
 * several files.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx256m", "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED"})
public class ChainBenchmark {
    private static final int SIZE = 256 << 20;
    private static final int RANGE = 64 << 10;

    @Param({"1", "5", "20"})
    private int depth;

    @Param({"65536", "1048576"})
    private int runSize;

    private final SplittableRandom random = new SplittableRandom(1);
    private Path folder;
    private VhdxChain chain;
    private ByteBuffer buffer;
    private int next;

    @Setup(Level.Trial)
    public void open() throws IOException {
        folder = Files.createTempDirectory("varve-bench");
        UUID state = UUID.randomUUID();
        Path file = folder.resolve("0.vhdx");
        NewVhdx base = NewVhdx.ofSize(SIZE).withDataWriteGuid(state);
        try (DiskTarget target = VhdxTarget.create(file, base, false)) {
            byte[] bytes = new byte[1 << 20];
            for (int offset = 0; offset < SIZE; offset += bytes.length) {
                random.nextBytes(bytes);
                target.write(offset, ByteBuffer.wrap(bytes));
            }
            target.commit();
        }
        for (int number = 1; number < depth; number++) {
            Path child = folder.resolve(number + ".avhdx");
            NewVhdx shape = NewVhdx.ofSize(SIZE).asChildOf(NewParent.at(file, child, state));
            state = UUID.randomUUID();
            try (DiskTarget target = VhdxDifferenceTarget.create(child, shape.withDataWriteGuid(state), false)) {
                byte[] bytes = new byte[RANGE];
                for (int range = 0; range < SIZE / RANGE / 50; range++) {
                    random.nextBytes(bytes);
                    target.write((long) random.nextInt(SIZE / RANGE) * RANGE, ByteBuffer.wrap(bytes));
                }
                target.commit();
            }
            file = child;
        }
        chain = VhdxChain.open(new LocalFile(file, Reader.DIRECT), ParentSearch.sameFolder());
        buffer = ByteBuffer.allocateDirect(runSize);
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        chain.close();
        ScatteredVhdx.delete(folder);
    }

    @Benchmark
    public ByteBuffer read() throws IOException {
        chain.read((long) (next++ % (SIZE / runSize)) * runSize, buffer.clear());
        return buffer;
    }
}
