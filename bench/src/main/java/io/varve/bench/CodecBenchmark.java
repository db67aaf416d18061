package io.varve.bench;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import io.varve.store.chunk.Lz4;
import java.nio.ByteBuffer;
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
 * LZ4 beside zstd at several levels, in direct buffers, contexts reused. Prints once per fork how much is left of the
 * block: speed without ratio says nothing.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx256m", "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED"})
public class CodecBenchmark {
    /** Public for JMH's generated code. */
    public enum Method {
        LZ4(0),
        ZSTD_FAST_5(-5),
        ZSTD_1(1),
        ZSTD_3(3),
        ZSTD_6(6);

        private final int level;

        Method(int level) {
            this.level = level;
        }
    }

    @Param
    private Method method;

    @Param({"TEXT", "NOISE"})
    private Content content;

    @Param("65536")
    private int blockSize;

    private final ZstdCompressCtx compressor = new ZstdCompressCtx();
    private final ZstdDecompressCtx decompressor = new ZstdDecompressCtx();
    private ByteBuffer block;
    private ByteBuffer compressed;
    private ByteBuffer target;
    private ByteBuffer plain;

    @Setup
    public void fill() {
        compressor.setLevel(method.level);
        block = content.direct(blockSize);
        target = ByteBuffer.allocateDirect(2 * blockSize);
        plain = ByteBuffer.allocateDirect(blockSize);
        int length = compress();
        compressed =
                ByteBuffer.allocateDirect(length).put(target.slice(0, length)).flip();
        decompress();
        if (plain.clear().mismatch(block) >= 0) {
            throw new IllegalStateException(method + " did not give back what it was given");
        }
        System.out.printf("%s, %s: %.3f of the block is left%n", method, content, (double) length / blockSize);
    }

    @TearDown(Level.Trial)
    public void close() {
        compressor.close();
        decompressor.close();
    }

    @Benchmark
    public int compress() {
        target.clear();
        return method == Method.LZ4
                ? Lz4.compress(block, target)
                : compressor.compressDirectByteBuffer(target, 0, target.capacity(), block, 0, blockSize);
    }

    @Benchmark
    public boolean decompress() {
        plain.clear();
        return method == Method.LZ4
                ? Lz4.decompress(compressed, plain)
                : decompressor.decompressDirectByteBuffer(plain, 0, blockSize, compressed, 0, compressed.limit())
                        == blockSize;
    }
}
