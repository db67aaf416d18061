package io.varve.engine.restore;

import io.varve.engine.port.DiskImage;
import io.varve.engine.range.BlockGrid;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.Zeros;
import io.varve.store.map.BlockMap;
import io.varve.store.map.MapShape;
import io.varve.store.session.ChunkReader;
import io.varve.store.session.ReadSession;
import io.varve.store.snapshot.DiskRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;

/**
 * A disk of a snapshot as a disk image: reads only what is asked for. Every byte is verified. One read at a time;
 * closing it leaves the session open.
 */
public final class SnapshotImage implements DiskImage {
    private final DiskRecord disk;
    private final String location;
    private final BlockGrid grid;
    private final BlockMap map;
    private final ChunkReader chunks;
    private final ByteBuffer block;
    private long cachedBlock = -1;

    public SnapshotImage(ReadSession session, DiskRecord disk, String location) {
        this.disk = disk;
        this.location = location;
        this.grid = new BlockGrid(disk.size(), disk.blockSize());
        this.map = session.map(disk);
        this.chunks = session.newChunkReader();
        this.block = ByteBuffer.allocateDirect(disk.blockSize());
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
    public synchronized void read(long offset, ByteBuffer target) throws IOException {
        if (offset < 0 || offset > disk.size() - target.remaining()) {
            throw new IndexOutOfBoundsException("[" + offset + ", +" + target.remaining() + ") of " + disk.size());
        }
        long position = offset;
        while (target.hasRemaining()) {
            long number = grid.blockNumber(position);
            load(number);
            int from = (int) (position - grid.offset(number));
            int length = Math.min(target.remaining(), grid.length(number) - from);
            target.put(block.slice(from, length));
            position += length;
        }
    }

    private void load(long number) throws IOException {
        if (number == cachedBlock) {
            return;
        }
        cachedBlock = -1;
        ChunkId id = map.blockId(number);
        block.clear().limit(grid.length(number));
        if (id.isZero()) {
            Zeros.fill(block);
        } else {
            chunks.read(id, block);
        }
        cachedBlock = number;
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
        // The session belongs to whoever opened it.
    }
}
