package io.varve.engine.compare;

import io.varve.engine.plan.WindowPlan;
import io.varve.engine.port.DiskImage;
import io.varve.engine.range.BlockGrid;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.store.chunk.ChunkHasher;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.Zeros;
import io.varve.store.map.MapPage;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Compares the content of a disk with the block map, leaf by leaf. For one thread. */
final class LeafComparison {
    private static final int RUN = 1 << 20;

    private final DiskImage image;
    private final BlockGrid grid;
    private final ChunkHasher hasher;
    private final Differences differences;
    private final ByteBuffer buffer;
    private long bytesRead;

    /** @param image guarded, so that its failures are those of the source */
    LeafComparison(DiskImage image, BlockGrid grid, ChunkHasher hasher, Differences differences) {
        this.image = image;
        this.grid = grid;
        this.hasher = hasher;
        this.differences = differences;
        this.buffer = ByteBuffer.allocateDirect(WindowPlan.runSize(grid.blockSize(), RUN));
    }

    long bytesRead() {
        return bytesRead;
    }

    /** @param part the range that the leaf covers */
    void compare(Range part, MapPage page) throws IOException {
        long whole = wholeBlocksEnd();
        RangeSet there = RangeSet.empty();
        if (part.offset() < whole) {
            there = grid.roundOut(image.allocated(Range.between(part.offset(), Math.min(part.endOffset(), whole))))
                    .clip(part);
        }
        for (Range range : there) {
            for (long offset = range.offset(); offset < range.endOffset(); offset += buffer.capacity()) {
                read(Range.between(offset, Math.min(range.endOffset(), offset + buffer.capacity())), page);
            }
        }
        for (Range range : RangeSet.of(part).minus(there)) {
            long end = grid.blockNumber(range.endOffset() - 1);
            for (long block = grid.blockNumber(range.offset()); block <= end; block++) {
                boolean missing = grid.offset(block) + grid.length(block) > whole;
                if (missing || !page.is(entry(block), ChunkId.ZERO)) {
                    differs(block);
                }
            }
        }
    }

    /**
     * Returns the end of the last whole block. If the disk is shorter than in the snapshot, everything after that
     * differs.
     */
    private long wholeBlocksEnd() {
        return image.size() >= grid.diskSize() ? grid.diskSize() : image.size() / grid.blockSize() * grid.blockSize();
    }

    private void read(Range run, MapPage page) throws IOException {
        buffer.clear().limit((int) run.length());
        image.read(run.offset(), buffer);
        bytesRead += run.length();
        long first = grid.blockNumber(run.offset());
        for (int at = 0; at < run.length(); at += grid.blockSize()) {
            long block = first + at / grid.blockSize();
            ByteBuffer content = buffer.slice(at, grid.length(block));
            if (!page.is(entry(block), Zeros.isZero(content) ? ChunkId.ZERO : hasher.id(content))) {
                differs(block);
            }
        }
    }

    private void differs(long block) {
        differences.add(new Range(grid.offset(block), grid.length(block)));
    }

    private static int entry(long block) {
        return (int) (block % WindowPlan.BLOCKS_PER_LEAF);
    }
}
