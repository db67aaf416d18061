package io.varve.bench;

import io.varve.store.chunk.ChunkCodec;
import io.varve.store.chunk.ChunkHasher;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.Codec;
import io.varve.store.chunk.XxHash;
import io.varve.store.chunk.Zeros;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What one block costs on its way into a pack: zero test, id, LZ4 with decode check, XXH3; and out again. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx256m", "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED"})
public class ChunkBenchmark {
    @Param({"65536"})
    private int blockSize;

    private final ChunkHasher hasher = new ChunkHasher();
    private ChunkCodec codec;
    private ByteBuffer text;
    private ByteBuffer noise;
    private ByteBuffer zeros;
    private ByteBuffer compressed;
    private ByteBuffer target;

    @Setup
    public void fill() {
        SplittableRandom random = new SplittableRandom(1);
        codec = new ChunkCodec(blockSize);
        text = ByteBuffer.allocateDirect(blockSize);
        noise = ByteBuffer.allocateDirect(blockSize);
        zeros = ByteBuffer.allocateDirect(blockSize);
        target = ByteBuffer.allocateDirect(blockSize);
        while (text.remaining() >= 16) {
            // Numbers and words: about 2:1 under LZ4, like the inside of a guest's disk.
            text.putLong(random.nextInt(1 << 16)).putLong(random.nextLong());
        }
        text.clear();
        while (noise.remaining() >= 8) {
            noise.putLong(random.nextLong());
        }
        noise.clear();
        ByteBuffer payload = codec.encode(text).payload();
        compressed = ByteBuffer.allocateDirect(payload.remaining()).put(payload).flip();
    }

    @Benchmark
    public boolean zeroTest() {
        return Zeros.isZero(zeros);
    }

    @Benchmark
    public ChunkId id() {
        return hasher.id(noise);
    }

    @Benchmark
    public ChunkCodec.Encoded encodeCompressible() {
        return codec.encode(text);
    }

    @Benchmark
    public ChunkCodec.Encoded encodeIncompressible() {
        return codec.encode(noise);
    }

    @Benchmark
    public boolean decode() {
        return ChunkCodec.decode(Codec.LZ4, compressed, target.clear());
    }

    @Benchmark
    public long payloadHash() {
        return XxHash.hash64(noise);
    }
}
