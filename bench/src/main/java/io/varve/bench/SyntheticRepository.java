package io.varve.bench;

import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.chunk.ChunkHasher;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.chunk.Codec;
import io.varve.store.chunk.XxHash;
import io.varve.store.map.BlockMap;
import io.varve.store.map.BlockMapWriter;
import io.varve.store.map.MapPage;
import io.varve.store.map.MapShape;
import io.varve.store.map.PageSink;
import io.varve.store.pack.FrameHeader;
import io.varve.store.pack.PackBuffers;
import io.varve.store.pack.PackFormat;
import io.varve.store.pack.PackWriter;
import io.varve.store.snapshot.DiskCounters;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Manifest;
import io.varve.store.snapshot.Snapshot;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * Writes a repository that is as large as real ones in everything but the content of blocks: every chunk of a block is
 * eight bytes. Sound in structure and at the deeper levels; a restore finds that no chunk has the length of a block.
 *
 * <p>A pack has as many frames of blocks as real ones. Ten disks of 1 TiB in blocks of 64 KiB. All leaves differ; they
 * refer to so many distinct chunks, at random. Every night one leaf in a hundred is another.
 */
final class SyntheticRepository implements Closeable {
    private static final int DISKS = 10;
    private static final long DISK_SIZE = 1L << 40;
    private static final int BLOCK_SIZE = 64 << 10;

    /** As many as a pack of 64 MiB holds of blocks that take half their length. */
    private static final int BLOCKS_PER_PACK = (64 << 20) / (BLOCK_SIZE / 2);

    private static final MapShape SHAPE = MapShape.of(DISK_SIZE, BLOCK_SIZE);

    private final Repository repository;
    private final SplittableRandom random = new SplittableRandom(1);
    private final ChunkHasher hasher = new ChunkHasher();
    private final int chunks;
    private final ByteBuffer content = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final Map<ChunkId, MapPage> innerPages = new HashMap<>();
    private final ByteBuffer page = ByteBuffer.allocate(MapPage.SIZE);
    private PackWriter pack;

    private SyntheticRepository(Repository repository, int chunks) {
        this.repository = repository;
        this.chunks = chunks;
    }

    /** Arguments: directory, distinct chunks, nights (0 for chunks that nothing refers to). */
    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(arguments[0]);
        RepositoryConfig config = new RepositoryConfig(UUID.randomUUID(), BLOCK_SIZE, 64L << 20, Instant.EPOCH);
        int nights = Integer.parseInt(arguments[2]);
        try (SyntheticRepository synthetic =
                new SyntheticRepository(Repository.init(root, config), Integer.parseInt(arguments[1]))) {
            synthetic.writeChunks();
            synthetic.writeNights(nights);
        }
        System.out.printf(
                "%d TiB in %d snapshots of %d disks, %s distinct chunks%n",
                (long) DISKS * nights, nights, DISKS, arguments[1]);
    }

    private void writeChunks() throws IOException {
        for (int chunk = 0; chunk < chunks; chunk++) {
            append(ChunkKind.BLOCK, content(chunk));
        }
        publish();
    }

    private ByteBuffer content(int chunk) {
        return content.clear().putLong(chunk + 1L).flip();
    }

    private ChunkId append(ChunkKind kind, ByteBuffer content) throws IOException {
        int length = content.remaining();
        ChunkId id = hasher.id(content);
        FrameHeader header = new FrameHeader(kind, Codec.RAW, length, length, id, XxHash.hash64(content));
        if (pack != null
                && (pack.frameCount() == (kind == ChunkKind.BLOCK ? BLOCKS_PER_PACK : PackFormat.MAX_FRAMES)
                        || pack.length() >= repository.config().packTargetSize())) {
            publish();
        }
        if (pack == null) {
            pack = new PackWriter(
                    repository.backend(), repository.config().repositoryId(), 0, Set.of(), PackBuffers.atOnce());
        }
        pack.append(header, content);
        return id;
    }

    private void publish() throws IOException {
        if (pack != null) {
            pack.publish();
            pack.close();
            pack = null;
        }
    }

    private void writeNights(int nights) throws IOException {
        BlockMap[] maps = new BlockMap[DISKS];
        Optional<Snapshot> before = Optional.empty();
        for (int night = 0; night < nights; night++) {
            DiskRecord[] disks = new DiskRecord[DISKS];
            for (int disk = 0; disk < DISKS; disk++) {
                maps[disk] = nextMap(night == 0 ? BlockMap.zero(SHAPE) : maps[disk], night == 0);
                disks[disk] = record(disk + 1, maps[disk].root());
            }
            publish();
            before = Optional.of(repository.snapshots().publish(manifest(night, List.of(disks), before)));
        }
    }

    private BlockMap nextMap(BlockMap base, boolean all) throws IOException {
        PageSink inner = written -> {
            ChunkId id = store(written);
            innerPages.put(id, written.copy());
            return id;
        };
        BlockMapWriter writer = new BlockMapWriter(base, inner);
        for (long leaf = 0; leaf < SHAPE.leafCount(); leaf++) {
            if (all || random.nextInt(100) == 0) {
                MapPage written = MapPage.zero(0);
                for (int entry = 0; entry < MapShape.FAN_OUT; entry++) {
                    written.set(entry, hasher.id(content(random.nextInt(chunks))));
                }
                writer.leaf(leaf, store(written));
            }
        }
        return new BlockMap(SHAPE, writer.finish(), (id, level) -> innerPages.get(id));
    }

    private ChunkId store(MapPage written) throws IOException {
        written.encode(page);
        return append(ChunkKind.MAP_PAGE, page);
    }

    private static DiskRecord record(int number, ChunkId root) {
        return new DiskRecord(
                number,
                "disk" + number,
                true,
                Optional.empty(),
                "synthetic",
                "raw",
                DISK_SIZE,
                512,
                4096,
                BLOCK_SIZE,
                root,
                Optional.empty(),
                "full",
                "first-backup",
                "synthetic",
                new DiskCounters(0, 0, 0, 0, 0, 0));
    }

    private Manifest manifest(int night, List<DiskRecord> disks, Optional<Snapshot> before) {
        Instant time = Instant.parse("2026-01-01T00:00:00Z").plusSeconds(night * 86_400L);
        return new Manifest(
                repository.config().repositoryId(),
                "synthetic",
                Optional.empty(),
                "nowhere",
                time,
                time,
                "offline",
                disks,
                List.of(),
                "synthetic",
                before.map(Snapshot::id),
                before.map(Snapshot::digest),
                Optional.empty());
    }

    @Override
    public void close() throws IOException {
        repository.close();
    }
}
