package io.varve.engine.compare;

import io.varve.engine.Cancellation;
import io.varve.engine.Workers;
import io.varve.engine.plan.WindowPlan;
import io.varve.engine.port.DiskImage;
import io.varve.engine.range.BlockGrid;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.engine.source.GuardedImage;
import io.varve.store.map.BlockMap;
import io.varve.store.session.ReadSession;
import io.varve.store.snapshot.DiskRecord;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * Compares a disk of a snapshot with a disk that is there now, block by block: reads all that the disk may hold, and of
 * the repository only the block map. Nothing is restored, nothing written.
 *
 * <p>Memory: 1 MiB, or a block that is larger, of direct buffers for each thread, and the differing ranges.
 */
public final class DiskComparison {
    private final ReadSession session;
    private final DiskRecord record;
    private final int threads;
    private final Cancellation cancellation;
    private final LongConsumer progress;

    /** @param progress told of bytes of the disk that are done, by any thread */
    public DiskComparison(
            ReadSession session, DiskRecord record, int threads, Cancellation cancellation, LongConsumer progress) {
        this.session = session;
        this.record = record;
        this.threads = threads;
        this.cancellation = cancellation;
        this.progress = progress;
    }

    /**
     * What differs, in bytes of the disk as it is in the snapshot.
     *
     * @param read bytes of the disk that were read
     * @param differing bytes of the blocks that differ
     * @param ranges these blocks, in order; when there are more than {@link Differences#MOST}, not all of them
     * @param complete whether they are all there
     */
    public record Result(long read, long differing, RangeSet ranges, boolean complete) {}

    /**
     * @param image compared as far as the snapshot's disk reaches; where it is shorter, blocks differ that it does not
     *     hold whole
     * @throws io.varve.engine.port.SourceException when it cannot be read
     * @throws io.varve.store.fault.CorruptDataException when the block map cannot
     */
    public Result run(DiskImage image) throws IOException {
        DiskImage guarded = new GuardedImage(image);
        BlockMap map = session.map(record);
        BlockGrid grid = new BlockGrid(record.size(), record.blockSize());
        long leafLength = (long) WindowPlan.BLOCKS_PER_LEAF * record.blockSize();
        AtomicLong nextLeaf = new AtomicLong();
        Differences differences = new Differences();
        List<Long> read = Workers.run(threads, "varve-compare", cancellation, () -> {
            LeafComparison leaves = new LeafComparison(guarded, grid, session.newHasher(), differences);
            return () -> {
                long leaf;
                while (!differences.isClosed() && (leaf = nextLeaf.getAndIncrement()) * leafLength < grid.diskSize()) {
                    cancellation.check();
                    long offset = leaf * leafLength;
                    Range part = new Range(offset, Math.min(leafLength, grid.diskSize() - offset));
                    try {
                        leaves.compare(part, map.leaf(leaf));
                    } catch (IOException | RuntimeException | Error e) {
                        differences.close();
                        throw e;
                    }
                    progress.accept(part.length());
                }
                return leaves.bytesRead();
            };
        });
        return new Result(
                read.stream().mapToLong(Long::longValue).sum(),
                differences.bytes(),
                differences.ranges(),
                differences.isComplete());
    }
}
