package io.varve.bench;

import io.varve.store.backend.LocalBackend;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.chunk.Codec;
import io.varve.store.chunk.XxHash;
import io.varve.store.pack.FrameHeader;
import io.varve.store.pack.PackBuffers;
import io.varve.store.pack.PackFooter;
import io.varve.store.pack.PackFormat;
import io.varve.store.pack.PackReader;
import io.varve.store.pack.PackWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Set;
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
 * Frames into packs and out of them: one operation is one frame that holds one raw block. {@code append} includes,
 * every 64 MiB, publishing the pack, which waits for the disk; {@code read} and {@code readScattered} check the frame's
 * hash and read from the page cache.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx256m", "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED"})
public class PackBenchmark {
    private static final long PACK_SIZE = 64L << 20;

    @Param({"4096", "65536"})
    private int blockSize;

    private final UUID repositoryId = UUID.randomUUID();
    private final SplittableRandom random = new SplittableRandom(1);
    private final byte[] idBytes = new byte[ChunkId.SIZE];
    private final PackBuffers gathering = PackBuffers.atOnce();
    private Path folder;
    private LocalBackend backend;
    private ByteBuffer block;
    private long blockHash;
    private PackWriter writer;
    private PackFooter footer;
    private String object;
    private ByteBuffer frame;
    private int next;

    @Setup(Level.Trial)
    public void open() throws IOException {
        folder = Scratch.newFolder();
        backend = new LocalBackend(folder);
        block = Content.NOISE.direct(blockSize);
        blockHash = XxHash.hash64(block);
        frame = ByteBuffer.allocateDirect(PackFormat.FRAME_HEADER_SIZE + blockSize);
        newWriter();
        while (writer.length() < PACK_SIZE) {
            appendFrame();
        }
        PackWriter.SealedPack pack = writer.publish();
        writer.close();
        footer = pack.footer();
        object = PackFormat.objectName(pack.id());
        newWriter();
    }

    private void newWriter() throws IOException {
        writer = new PackWriter(backend, repositoryId, 0, Set.of(), gathering);
    }

    private void appendFrame() throws IOException {
        random.nextBytes(idBytes); // not the block's, which nobody compares here; but packs get different names
        ChunkId id = ChunkId.read(idBytes, 0);
        writer.append(
                new FrameHeader(ChunkKind.BLOCK, Codec.RAW, blockSize, blockSize, id, blockHash), block.duplicate());
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        writer.close();
        backend.close();
        Scratch.delete(folder);
    }

    @Benchmark
    public void append() throws IOException {
        appendFrame();
        if (writer.length() >= PACK_SIZE) {
            PackWriter.SealedPack pack = writer.publish();
            writer.close();
            backend.delete(PackFormat.objectName(pack.id()));
            newWriter();
        }
    }

    @Benchmark
    public ByteBuffer read() throws IOException {
        return read(next++ % footer.frameCount());
    }

    @Benchmark
    public ByteBuffer readScattered() throws IOException {
        return read(random.nextInt(footer.frameCount()));
    }

    private ByteBuffer read(int number) throws IOException {
        long offset = footer.offset(number);
        backend.read(object, offset, frame.clear());
        return PackReader.checkedPayload(frame.flip(), footer.header(number), object, offset);
    }
}
