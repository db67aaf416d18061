package io.varve.engine.restore;

import io.varve.engine.Cancellation;
import io.varve.engine.Pace;
import io.varve.engine.Workers;
import io.varve.engine.port.DiskTarget;
import io.varve.engine.port.ExistingDisk;
import io.varve.engine.range.BlockGrid;
import io.varve.engine.range.Range;
import io.varve.store.map.BlockMap;
import io.varve.store.session.ReadSession;
import io.varve.store.snapshot.DiskRecord;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Writes one disk of a snapshot to a target. An unverified byte never reaches it: a block that cannot be verified ends
 * the restore or, if damage is allowed, is replaced by zeros and reported.
 *
 * <p>Workers take pieces of the disk in ascending order, each of 16 MiB or a leaf, whichever is smaller. A worker reads
 * the chunks of a piece in the order of the packs, each once, and then writes the piece. There are twice as many
 * workers as threads, because writing past the page cache makes the writer wait: {@code threads} of them read and
 * verify at a time while the others write. Memory: 2 × threads × (piece + 1 MiB, or a block if that is larger) of
 * direct buffers, plus another piece each if an existing target is compared.
 *
 * <p>While packs are read slowly, from a spinning disk or a network, a worker releases its processor while it reads,
 * and as many workers again help, up to 32 in all, with pieces a quarter as large. They do not help with blocks of more
 * than 1 MiB, which make for long reads anyway.
 */
public final class RestoreJob {
    /** Most workers. That many concurrent reads keep an array of disks or a network busy. */
    private static final int ENOUGH = 32;

    private static final int LONG_READ = 1 << 20;

    private final ReadSession session;
    private final DiskRecord disk;
    private final int threads;
    private final boolean allowDamaged;
    private final RestoreListener listener;
    private final Cancellation cancellation;
    private final Pace pace;

    /** A restore without rate limits. */
    public RestoreJob(
            ReadSession session,
            DiskRecord disk,
            int threads,
            boolean allowDamaged,
            RestoreListener listener,
            Cancellation cancellation) {
        this(session, disk, threads, allowDamaged, listener, cancellation, Pace.UNLIMITED);
    }

    /** @param pace limits; both count bytes of content before compression */
    public RestoreJob(
            ReadSession session,
            DiskRecord disk,
            int threads,
            boolean allowDamaged,
            RestoreListener listener,
            Cancellation cancellation,
            Pace pace) {
        this.session = session;
        this.disk = disk;
        this.threads = threads;
        this.allowDamaged = allowDamaged;
        this.listener = listener;
        this.cancellation = cancellation;
        this.pace = pace;
    }

    /**
     * @param written bytes written to the target
     * @param unchanged bytes that the target already had
     * @param zero bytes of zeros that did not need to be written
     * @param damaged bytes replaced by zeros
     */
    public record Result(long written, long unchanged, long zero, long damaged) {
        Result plus(Result other) {
            return new Result(
                    written + other.written, unchanged + other.unchanged, zero + other.zero, damaged + other.damaged);
        }
    }

    /**
     * Restores to a new target, which reads as zeros, or to an {@link ExistingDisk}, of which only the blocks that
     * differ are written. Neither commits nor closes the target.
     */
    public Result run(DiskTarget target) throws IOException {
        BlockGrid grid = new BlockGrid(disk.size(), disk.blockSize());
        BlockMap map = session.map(disk);
        return run(
                target,
                grid,
                target instanceof ExistingDisk
                        ? PieceQueue.ofExisting(map, grid, workers(), cancellation)
                        : PieceQueue.ofNew(map, grid, workers(), cancellation));
    }

    /**
     * Restores to a new target that reads as {@code before} where nothing is written. Only blocks that differ are
     * written, including zeros. Neither commits nor closes the target.
     */
    public Result runDifference(DiskRecord before, DiskTarget target) throws IOException {
        BlockGrid grid = new BlockGrid(disk.size(), disk.blockSize());
        return run(
                target,
                grid,
                PieceQueue.ofDifference(session.map(disk), session.map(before), grid, workers(), cancellation));
    }

    /** Number of workers without helpers. */
    private int workers() {
        return 2 * threads;
    }

    private int helpers() {
        return disk.blockSize() > LONG_READ ? 0 : Math.max(0, Math.min(workers(), ENOUGH - workers()));
    }

    private Result run(DiskTarget target, BlockGrid grid, PieceQueue pieces) throws IOException {
        RestoreWork work =
                new RestoreWork(session, grid, pieces, target, new Processors(threads), allowDamaged, pace, listener);
        AtomicInteger made = new AtomicInteger();
        List<Result> results = Workers.run(
                workers() + helpers(),
                "varve-restore",
                cancellation,
                () -> new RestoreWorker(work, made.getAndIncrement() >= workers()));
        return results.stream().reduce(new Result(0, 0, pieces.skipped(), 0), Result::plus);
    }

    /** Returns the range of whole blocks, clipped to the disk, for messages about damage. */
    static Range blocks(BlockGrid grid, long firstBlock, long count) {
        long last = firstBlock + count - 1;
        return Range.between(grid.offset(firstBlock), grid.offset(last) + grid.length(last));
    }
}
