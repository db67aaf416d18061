package io.varve.bench;

import io.varve.store.backend.LocalBackend;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.chunk.Codec;
import io.varve.store.chunk.XxHash;
import io.varve.store.index.ChunkIndex;
import io.varve.store.index.Place;
import io.varve.store.pack.FrameHeader;
import io.varve.store.pack.PackBuffers;
import io.varve.store.pack.PackWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The chunk index as a backup uses it: {@code insert} enters a pack's chunks in one batch, {@code hit} and {@code miss}
 * look one up. One operation is one chunk. {@link IndexFilterBenchmark} has larger ones, and other filters.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx512m", "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED"})
public class IndexBenchmark {
    /** Chunks of a full pack of 64 MiB, half compressed. */
    private static final int PER_PACK = 2048;

    @Param("1048576")
    private int chunks;

    private final UUID repositoryId = UUID.randomUUID();
    private final byte[] idBytes = new byte[ChunkId.SIZE];
    private final List<PackWriter.SealedPack> packs = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(1);
    private Path folder;
    private ChunkIndex index;
    private int next;

    @Setup(Level.Trial)
    public void make() throws IOException {
        folder = Scratch.newFolder();
        ByteBuffer content = ByteBuffer.allocate(1);
        long hash = XxHash.hash64(content);
        PackBuffers gathering = PackBuffers.atOnce();
        try (LocalBackend backend = new LocalBackend(folder.resolve("repo"))) {
            while (packs.size() < chunks / PER_PACK) {
                try (PackWriter writer = new PackWriter(backend, repositoryId, 0, Set.of(), gathering)) {
                    for (int i = 0; i < PER_PACK; i++) {
                        writer.append(
                                new FrameHeader(ChunkKind.BLOCK, Codec.RAW, 1, 1, nextId(), hash), content.duplicate());
                    }
                    packs.add(writer.publish());
                }
            }
        }
        index = ChunkIndex.openForWriting(folder.resolve("index"), repositoryId);
        for (PackWriter.SealedPack pack : packs) {
            index.add(pack.id(), pack.footer());
        }
        index.flush();
    }

    private ChunkId nextId() {
        random.nextBytes(idBytes);
        return ChunkId.read(idBytes, 0);
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        index.close();
        Scratch.delete(folder);
    }

    /** Enters packs that the index has already, which is the same work: it does not look before it writes. */
    @Benchmark
    @OperationsPerInvocation(PER_PACK)
    public void insert() throws IOException {
        PackWriter.SealedPack pack = packs.get(next++ % packs.size());
        index.add(pack.id(), pack.footer());
    }

    @Benchmark
    public Place hit() throws IOException {
        PackWriter.SealedPack pack = packs.get(random.nextInt(packs.size()));
        return index.find(pack.footer().id(random.nextInt(PER_PACK)));
    }

    @Benchmark
    public Place miss() throws IOException {
        return index.find(nextId());
    }
}
