package io.varve.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What reading and writing files costs in the scratch directory, page cache warm, one thread, 1 MiB at a time: the rest
 * of what backup and restore cannot do without. One operation is one block of 64 KiB.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx256m", "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED"})
public class FileLimitBenchmark {
    private static final int AT_ONCE = 1 << 20;
    private static final long FILE_SIZE = 512L << 20;

    private final ByteBuffer piece = ByteBuffer.allocateDirect(AT_ONCE);
    private Path folder;
    private FileChannel source;
    private FileChannel target;
    private long readAt;
    private long writtenTo;
    private int blocks;

    @Setup(Level.Trial)
    public void open() throws IOException {
        folder = Scratch.newFolder();
        source = FileChannel.open(Content.MIXED.write(folder.resolve("source"), FILE_SIZE), StandardOpenOption.READ);
        target = FileChannel.open(folder.resolve("target"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        source.close();
        target.close();
        Scratch.delete(folder);
    }

    /** One block's share of reading 1 MiB. */
    @Benchmark
    public int read() throws IOException {
        if (++blocks % (AT_ONCE / LimitBenchmark.BLOCK) == 0) {
            source.read(piece.clear(), readAt);
            readAt = (readAt + AT_ONCE) % FILE_SIZE;
        }
        return blocks;
    }

    /** One block's share of appending 1 MiB to a file, which starts over when it is full. */
    @Benchmark
    public int write() throws IOException {
        if (++blocks % (AT_ONCE / LimitBenchmark.BLOCK) == 0) {
            if (writtenTo == FILE_SIZE) {
                target.truncate(0);
                writtenTo = 0;
            }
            target.write(piece.clear(), writtenTo);
            writtenTo += AT_ONCE;
        }
        return blocks;
    }
}
