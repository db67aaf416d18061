package io.varve.bench;

import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.file.LocalFile;
import io.varve.adapters.file.Reader;
import io.varve.adapters.vhdx.read.Segment;
import io.varve.adapters.vhdx.read.VhdxAddressMap;
import io.varve.adapters.vhdx.read.VhdxChain;
import io.varve.engine.range.Range;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * Address translation: one operation turns one range of 64 KiB of a 4 TiB disk, as a change list names it, into its
 * place in the file, or one range of the file back. Blocks lie scattered, so that neighbours do not join.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-Xmx256m")
public class VhdxMapBenchmark {
    private static final long DISK_SIZE = 4L << 40;
    private static final int RANGES = 8192;
    private static final int LENGTH = 64 << 10;

    @Param({"1048576", "33554432"})
    private int vhdxBlockSize;

    /** In which order the ranges come: as a sorted change list has them, or as they fall. */
    @Param({"true", "false"})
    private boolean sorted;

    private Path folder;
    private VhdxChain chain;
    private VhdxAddressMap map;
    private Range[] inDisk;
    private Range[] inFile;

    @Setup(Level.Trial)
    public void open() throws IOException {
        folder = Files.createTempDirectory("varve-bench");
        // What lies there does not matter to translation: 20,000 places of one byte each, the rest holes.
        SplittableRandom random = new SplittableRandom(1);
        Path file = ScatteredVhdx.write(folder.resolve("disk.vhdx"), DISK_SIZE, vhdxBlockSize, 20_000, random);
        chain = VhdxChain.open(new LocalFile(file, Reader.DIRECT), ParentSearch.sameFolder());
        map = chain.addressMap();
        inDisk = ranges(chain.size(), random);
        inFile = ranges(Files.size(file), random);
    }

    private Range[] ranges(long size, SplittableRandom random) {
        Range[] ranges = new Range[RANGES];
        for (int i = 0; i < RANGES; i++) {
            ranges[i] = new Range(random.nextLong(size / LENGTH) * LENGTH, LENGTH);
        }
        if (sorted) {
            java.util.Arrays.sort(ranges);
        }
        return ranges;
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        chain.close();
        ScatteredVhdx.delete(folder);
    }

    @Benchmark
    @OperationsPerInvocation(RANGES)
    public void toFile(Blackhole sink) throws IOException {
        VhdxAddressMap.Visitor visitor = (Segment segment) -> sink.consume(segment.fileOffset());
        for (Range range : inDisk) {
            map.segments(range, visitor);
        }
    }

    @Benchmark
    @OperationsPerInvocation(RANGES)
    public void toDisk(Blackhole sink) throws IOException {
        VhdxAddressMap.Visitor visitor = (Segment segment) -> sink.consume(segment.virtualOffset());
        for (Range range : inFile) {
            map.segmentsAt(0, range, visitor);
        }
    }
}
