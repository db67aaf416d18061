package io.varve.bench;

import io.varve.store.chunk.ChunkHasher;
import io.varve.store.chunk.ChunkId;
import io.varve.store.map.BlockMap;
import io.varve.store.map.BlockMapDiff;
import io.varve.store.map.BlockMapWriter;
import io.varve.store.map.MapPage;
import io.varve.store.map.MapShape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * The block map of a full disk in blocks of 64 KiB, pages in memory. One operation of {@code update} is one night:
 * {@code changedLeaves} of its leaves get one other block each, and are encoded and hashed like the pages above them.
 * One of {@code diff} compares two such nights, one of {@code find} looks one block up.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx768m", "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED"})
public class MapBenchmark {
    private static final int BLOCK_SIZE = 64 << 10;

    @Param({"16", "256"})
    private int diskGiB;

    @Param({"1", "100"})
    private int changedLeaves;

    private final ChunkHasher hasher = new ChunkHasher();
    private final SplittableRandom random = new SplittableRandom(1);
    private final Map<ChunkId, MapPage> pages = new HashMap<>();
    private final ByteBuffer encoded = ByteBuffer.allocate(MapPage.SIZE);
    private final byte[] idBytes = new byte[ChunkId.SIZE];
    private MapShape shape;
    private BlockMap before;
    private BlockMap after;

    @Setup
    public void make() throws IOException {
        shape = MapShape.of((long) diskGiB << 30, BLOCK_SIZE);
        BlockMapWriter writer = new BlockMapWriter(BlockMap.zero(shape), this::keep);
        for (long leaf = 0; leaf < shape.leafCount(); leaf++) {
            MapPage page = MapPage.zero(0);
            for (int entry = 0; entry < MapShape.FAN_OUT; entry++) {
                page.set(entry, newId());
            }
            writer.leaf(leaf, keep(page));
        }
        before = new BlockMap(shape, writer.finish(), (id, level) -> pages.get(id));
        after = new BlockMap(shape, night(true), (id, level) -> pages.get(id));
    }

    private ChunkId newId() {
        random.nextBytes(idBytes);
        return ChunkId.read(idBytes, 0);
    }

    private ChunkId keep(MapPage page) {
        ChunkId id = hash(page);
        pages.put(id, page.copy());
        return id;
    }

    private ChunkId hash(MapPage page) {
        page.encode(encoded);
        return hasher.id(encoded);
    }

    private ChunkId night(boolean kept) throws IOException {
        BlockMapWriter writer = new BlockMapWriter(before, page -> kept ? keep(page) : hash(page));
        long step = shape.leafCount() / changedLeaves;
        for (long leaf = 0; leaf < step * changedLeaves; leaf += step) {
            MapPage page = before.leaf(leaf).copy();
            page.set(random.nextInt(MapShape.FAN_OUT), newId());
            writer.leaf(leaf, kept ? keep(page) : hash(page));
        }
        return writer.finish();
    }

    @Benchmark
    public ChunkId update() throws IOException {
        return night(false);
    }

    @Benchmark
    public void diff(Blackhole sink) throws IOException {
        BlockMapDiff.compare(before, after, (block, was, is) -> sink.consume(block));
    }

    @Benchmark
    public ChunkId find() throws IOException {
        return before.blockId(random.nextLong(shape.blockCount()));
    }
}
