package io.varve.engine.restore;

import io.varve.engine.port.DiskImage;
import io.varve.engine.range.BlockGrid;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.engine.restore.ChunkCache.Entry;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.Zeros;
import io.varve.store.map.BlockMap;
import io.varve.store.map.MapShape;
import io.varve.store.session.ReadSession;
import io.varve.store.snapshot.DiskRecord;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;

/**
 * A disk of a snapshot as a disk image. Reads only what is requested, and ahead of sequential readers. Every byte is
 * verified.
 *
 * <p>Threading: any number of threads may read at once; one waits for another only if both want the same chunk. Memory:
 * direct buffers of 32 MiB (or 8 blocks if that is more) for decoded chunks, plus 1 MiB (or one block if that is more)
 * for each concurrent reader; 1,024 map pages of heap.
 *
 * <p>Closing it ends its threads. The session stays open.
 */
public final class SnapshotImage implements DiskImage {
    private static final long CACHE = 32 << 20;
    /** Bytes that are looked up and loaded at a time. */
    private static final int PIECE = 1 << 20;

    private static final int FEWEST_BLOCKS = 8;
    private static final int MOST_THREADS = 4;

    private final DiskRecord disk;
    private final String location;
    private final BlockGrid grid;
    private final ChunkCache cache;
    private final ChunkLoader loader;
    private final BlockMap map;
    private final ReadAhead ahead;

    public SnapshotImage(ReadSession session, DiskRecord disk, String location) {
        this(session, disk, location, Math.max(CACHE, (long) FEWEST_BLOCKS * disk.blockSize()));
    }

    /** @param cacheSize bytes of decoded chunks to cache; at most a quarter of it is used for reading ahead */
    SnapshotImage(ReadSession session, DiskRecord disk, String location, long cacheSize) {
        this.disk = disk;
        this.location = location;
        this.grid = new BlockGrid(disk.size(), disk.blockSize());
        this.cache = new ChunkCache(cacheSize, disk.blockSize());
        this.loader = new ChunkLoader(session, disk.blockSize(), cache);
        this.map = new BlockMap(MapShape.of(disk.size(), disk.blockSize()), disk.mapRoot(), loader);
        int threads = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
        this.ahead = new ReadAhead(disk.size(), cacheSize / 4, threads, this::loadAhead);
    }

    @Override
    public long size() {
        return disk.size();
    }

    @Override
    public int logicalSectorSize() {
        return disk.logicalSectorSize();
    }

    @Override
    public int physicalSectorSize() {
        return disk.physicalSectorSize();
    }

    @Override
    public Optional<UUID> guid() {
        return disk.guid();
    }

    @Override
    public String format() {
        return "snapshot";
    }

    @Override
    public String location() {
        return location;
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
        int length = target.remaining();
        Objects.checkFromIndexSize(offset, length, disk.size());
        ahead.reading(offset, length);
        // In parts, because the request may be larger than the cache.
        int piece = Math.max(PIECE, disk.blockSize());
        for (long position = offset; target.hasRemaining(); ) {
            int inPiece = (int) Math.min(target.remaining(), piece - position % piece);
            readPiece(position, inPiece, target);
            position += inPiece;
        }
    }

    private void readPiece(long offset, int length, ByteBuffer target) throws IOException {
        List<Entry> held = new ArrayList<>();
        try {
            List<Entry> blocks = load(new Range(offset, length), held);
            long position = offset;
            for (Entry block : blocks) {
                long number = grid.blockNumber(position);
                int from = (int) (position - grid.offset(number));
                int count = (int) Math.min(offset + length - position, grid.length(number) - from);
                if (block == null) {
                    Zeros.fill(target.slice(target.position(), count));
                    target.position(target.position() + count);
                } else {
                    target.put(content(block).slice(from, count));
                }
                position += count;
            }
        } finally {
            cache.release(held);
        }
    }

    /**
     * Returns the blocks that {@code part} touches, in order; null for zeros. Blocks that no other thread is loading
     * are loaded first, before waiting for any other, so threads cannot wait for each other in a circle.
     *
     * @param held receives the entries that the caller must release
     */
    private List<Entry> load(Range part, List<Entry> held) throws IOException {
        List<Entry> blocks = new ArrayList<>();
        List<Entry> claimed = new ArrayList<>();
        long last = grid.blockNumber(part.endOffset() - 1);
        try {
            for (long number = grid.blockNumber(part.offset()); number <= last; number++) {
                ChunkId id = map.blockId(number);
                blocks.add(id.isZero() ? null : cache.hold(id, grid.length(number), claimed));
                if (!id.isZero()) {
                    held.add(blocks.get(blocks.size() - 1));
                }
            }
        } catch (IOException | RuntimeException | Error e) {
            claimed.forEach(entry -> cache.failed(entry, e));
            throw e;
        }
        loader.load(claimed);
        return blocks;
    }

    private ByteBuffer content(Entry block) throws IOException {
        try {
            block.done().get();
            return block.content();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(location + ": reading was interrupted");
        } catch (ExecutionException e) {
            // The failure may have been another thread's, so this reader tries itself.
            return loader.loadAlone(block.id(), block.length());
        }
    }

    private void loadAhead(Range part) throws IOException {
        List<Entry> held = new ArrayList<>();
        try {
            load(part, held);
        } finally {
            cache.release(held);
        }
    }

    @Override
    public RangeSet allocated(Range window) throws IOException {
        RangeSet.Builder builder = new RangeSet.Builder();
        long leafLength = (long) MapShape.FAN_OUT * disk.blockSize();
        long leaf = map.nextLeaf(window.offset() / leafLength);
        for (; leaf >= 0 && leaf * leafLength < window.endOffset(); leaf = nextLeafAfter(leaf)) {
            long first = leaf * MapShape.FAN_OUT;
            for (int entry = 0; entry < MapShape.FAN_OUT && first + entry < grid.blockCount(); entry++) {
                long from = Math.max(grid.offset(first + entry), window.offset());
                long to = Math.min(grid.offset(first + entry) + grid.length(first + entry), window.endOffset());
                if (from < to && !map.leaf(leaf).is(entry, ChunkId.ZERO)) {
                    builder.add(from, to);
                }
            }
        }
        return builder.build();
    }

    private long nextLeafAfter(long leaf) throws IOException {
        return leaf + 1 < map.shape().leafCount() ? map.nextLeaf(leaf + 1) : -1;
    }

    @Override
    public void close() {
        ahead.close();
    }
}
