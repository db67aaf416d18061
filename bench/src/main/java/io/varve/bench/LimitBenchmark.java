package io.varve.bench;

import io.varve.store.chunk.ChunkCodec;
import io.varve.store.chunk.ChunkHasher;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.chunk.Codec;
import io.varve.store.chunk.Lz4;
import io.varve.store.chunk.XxHash;
import io.varve.store.crypt.ChunkSealer;
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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the pipeline is measured against: the steps that new data cannot do without, on the content that
 * {@link PipelineBenchmark} stores. Each alone on one thread, and all in a row on all cores. One operation is one
 * block; blocks come from 16 MiB in turn, so that they are not in the fastest cache.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx256m", "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED"})
public class LimitBenchmark {
    static final int BLOCK = 64 << 10;
    private static final int BLOCKS = 256;

    private final ChunkHasher plain = new ChunkHasher();
    private ChunkHasher keyed;
    private ChunkSealer sealer;
    private ByteBuffer[] blocks;
    private ByteBuffer[] compressed;
    private ByteBuffer target;
    private ByteBuffer check;
    private int next;

    @Setup
    public void fill() {
        RepositoryKeys keys = RepositoryKeys.generate(UUID.randomUUID());
        keyed = keys.newHasher();
        sealer = keys.newSealer(BLOCK);
        ByteBuffer pool = Content.MIXED.direct(BLOCKS * BLOCK);
        blocks = new ByteBuffer[BLOCKS];
        compressed = new ByteBuffer[BLOCKS];
        target = ByteBuffer.allocateDirect(Lz4.maxCompressedLength(BLOCK));
        check = ByteBuffer.allocateDirect(BLOCK);
        for (int i = 0; i < BLOCKS; i++) {
            blocks[i] = pool.slice(i * BLOCK, BLOCK);
            int length = Lz4.compress(blocks[i], target.clear());
            boolean pays = length <= BLOCK - BLOCK / 16;
            compressed[i] = !pays
                    ? null
                    : ByteBuffer.allocateDirect(length)
                            .put(target.slice(0, length))
                            .flip();
        }
    }

    /** Bytes that a block of this content takes in a pack, as a share of its length. */
    static double storedShare() {
        ByteBuffer pair = Content.MIXED.direct(2 * BLOCK);
        ByteBuffer target = ByteBuffer.allocateDirect(Lz4.maxCompressedLength(BLOCK));
        return (Lz4.compress(pair.slice(0, BLOCK), target) + (double) BLOCK) / (2 * BLOCK);
    }

    private int step() {
        next = (next + 1) % BLOCKS;
        return next;
    }

    @Benchmark
    public ChunkId sha256() {
        return plain.id(blocks[step()]);
    }

    @Benchmark
    public ChunkId hmacSha256() {
        return keyed.id(blocks[step()]);
    }

    @Benchmark
    public long xxh3() {
        return XxHash.hash64(blocks[step()]);
    }

    @Benchmark
    public int lz4() {
        return Lz4.compress(blocks[step()], target.clear());
    }

    /** Decompress and compare; what did not compress is not decoded. */
    @Benchmark
    public boolean decode() {
        int i = step();
        return decode(blocks[i], compressed[i]);
    }

    private boolean decode(ByteBuffer block, ByteBuffer payload) {
        return payload == null
                || Lz4.decompress(payload, check.clear()) && check.clear().mismatch(block) < 0;
    }

    @Benchmark
    public ByteBuffer copy() {
        return check.clear().put(blocks[step()].duplicate());
    }

    /** AES-256-GCM of what LZ4 left, and decrypted again to check. */
    @Benchmark
    public ChunkCodec.Encoded seal() {
        int i = step();
        return seal(ChunkId.ZERO, blocks[i], compressed[i]);
    }

    private ChunkCodec.Encoded seal(ChunkId id, ByteBuffer block, ByteBuffer payload) {
        return sealer.seal(
                ChunkKind.BLOCK,
                id,
                BLOCK,
                payload == null
                        ? new ChunkCodec.Encoded(Codec.RAW, block.duplicate())
                        : new ChunkCodec.Encoded(Codec.LZ4, payload.duplicate()));
    }

    /** All steps of a plain repository, one after the other, by as many threads as there are processors. */
    @Benchmark
    @Threads(Threads.MAX)
    public boolean allPlain() {
        int i = step();
        plain.id(blocks[i]);
        Lz4.compress(blocks[i], target.clear());
        boolean same = decode(blocks[i], compressed[i]);
        check.clear().put(blocks[i].duplicate());
        return same;
    }

    /** All steps of an encrypted repository likewise. */
    @Benchmark
    @Threads(Threads.MAX)
    public ChunkCodec.Encoded allEncrypted() {
        int i = step();
        ChunkId id = keyed.id(blocks[i]);
        Lz4.compress(blocks[i], target.clear());
        if (!decode(blocks[i], compressed[i])) {
            throw new IllegalStateException("LZ4 did not return what it was given");
        }
        check.clear().put(blocks[i].duplicate());
        return seal(id, blocks[i], compressed[i]);
    }
}
