package io.varve.bench;

import io.varve.store.chunk.ChunkCodec;
import io.varve.store.chunk.ChunkHasher;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.chunk.Codec;
import io.varve.store.chunk.XxHash;
import io.varve.store.crypt.AesGcm;
import io.varve.store.crypt.ChunkOpener;
import io.varve.store.crypt.ChunkSealer;
import io.varve.store.crypt.PlainProtection;
import io.varve.store.crypt.Protection;
import io.varve.store.crypt.RepositoryKeys;
import io.varve.store.pack.FrameHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
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

/**
 * One block all the way into a frame and out of it, in a plain and in an encrypted repository: id, LZ4 with decode
 * check, seal with decrypt check, XXH3; and decrypt, decode, id.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx256m", "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED"})
public class SealBenchmark {
    @Param({"65536"})
    private int blockSize;

    @Param({"false", "true"})
    private boolean encrypted;

    @Param({"text", "noise"})
    private String content;

    private ChunkCodec codec;
    private ChunkHasher hasher;
    private ChunkSealer sealer;
    private ChunkOpener opener;
    private ByteBuffer block;
    private ByteBuffer target;
    private FrameHeader stored;
    private ByteBuffer storedPayload;

    @Setup
    public void fill() throws IOException {
        Protection protection = encrypted ? RepositoryKeys.generate(UUID.randomUUID()) : new PlainProtection();
        System.out.println("AES-GCM by " + AesGcm.provider());
        codec = new ChunkCodec(blockSize);
        hasher = protection.newHasher();
        sealer = protection.newSealer(blockSize);
        opener = protection.newOpener();
        block = ByteBuffer.allocateDirect(blockSize);
        target = ByteBuffer.allocateDirect(blockSize);
        SplittableRandom random = new SplittableRandom(1);
        boolean text = content.equals("text");
        while (block.remaining() >= 16) {
            // Numbers and words: about 2:1 under LZ4, like the inside of a guest's disk.
            block.putLong(text ? random.nextInt(1 << 16) : random.nextLong()).putLong(random.nextLong());
        }
        block.clear();
        ChunkId id = hasher.id(block);
        ChunkCodec.Encoded encoded = sealer.seal(ChunkKind.BLOCK, id, blockSize, codec.encode(block));
        storedPayload = ByteBuffer.allocateDirect(encoded.payload().remaining());
        storedPayload.put(encoded.payload()).flip();
        stored = header(id, encoded.codec(), storedPayload);
    }

    private FrameHeader header(ChunkId id, Codec how, ByteBuffer payload) {
        return new FrameHeader(ChunkKind.BLOCK, how, blockSize, payload.remaining(), id, XxHash.hash64(payload));
    }

    @Benchmark
    public FrameHeader store() {
        ChunkId id = hasher.id(block);
        ChunkCodec.Encoded encoded = sealer.seal(ChunkKind.BLOCK, id, blockSize, codec.encode(block));
        return header(id, encoded.codec(), encoded.payload());
    }

    @Benchmark
    public ByteBuffer load() throws IOException {
        opener.open(stored, storedPayload, target.clear(), "none", 0);
        return target;
    }
}
