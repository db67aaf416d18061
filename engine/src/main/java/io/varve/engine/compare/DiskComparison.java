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
 * Compares a disk of a snapshot with an existing disk, block by block. It reads everything that the disk may hold, and
 * of the repository only the block map. Nothing is restored or written.
 *
 * <p>Memory: for each thread direct buffers of 1 MiB, or one block if that is more, and the differing ranges.
 */
public final class DiskComparison {
    private final ReadSession session;
    private final DiskRecord record;
    private final int threads;
    private final Cancellation cancellation;
    private final LongConsumer progress;

    /** @param progress receives the number of bytes compared since its last call, from any thread */
    public DiskComparison(
            ReadSession session, DiskRecord record, int threads, Cancellation cancellation, LongConsumer progress) {
        this.session = session;
        this.record = record;
        this.threads = threads;
        this.cancellation = cancellation;
        this.progress = progress;
    }

    /**
     * The result, in bytes of the snapshot's disk.
     *
     * @param read bytes of the disk that were read
     * @param differing bytes of the blocks that differ
     * @param ranges the blocks that differ, in order; not all of them if there are more than {@link Differences#MOST}
     *     ranges
     * @param complete whether {@code ranges} has all of them
     */
    public record Result(long read, long differing, RangeSet ranges, boolean complete) {}

    /**
     * @param image compared up to the size of the snapshot's disk; if it is shorter, blocks that it does not hold as a
     *     whole differ
     * @throws io.varve.engine.port.SourceException if the image cannot be read
     * @throws io.varve.store.fault.CorruptDataException if the block map cannot be read
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
