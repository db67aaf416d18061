package io.varve.bench;

import io.varve.store.chunk.ChunkHasher;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.XxHash;
import io.varve.store.crypt.RepositoryKeys;
import java.nio.ByteBuffer;
import java.util.UUID;
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

/** The hashes at several block sizes: SHA-256 and HMAC-SHA-256 make chunk ids, XXH3 guards frames. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx256m", "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED"})
public class HashBenchmark {
    @Param({"4096", "65536", "1048576"})
    private int blockSize;

    private final ChunkHasher plain = new ChunkHasher();
    private final ChunkHasher keyed = RepositoryKeys.generate(UUID.randomUUID()).newHasher();
    private ByteBuffer block;

    @Setup
    public void fill() {
        block = Content.NOISE.direct(blockSize);
    }

    @Benchmark
    public ChunkId sha256() {
        return plain.id(block);
    }

    @Benchmark
    public ChunkId hmacSha256() {
        return keyed.id(block);
    }

    @Benchmark
    public long xxh3() {
        return XxHash.hash64(block);
    }
}
