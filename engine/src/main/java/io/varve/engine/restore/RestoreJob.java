package io.varve.engine.restore;

import io.varve.engine.backup.Cancellation;
import io.varve.engine.port.DiskTarget;
import io.varve.engine.port.ExistingDisk;
import io.varve.engine.range.BlockGrid;
import io.varve.engine.range.Range;
import io.varve.store.session.ReadSession;
import io.varve.store.snapshot.DiskRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Writes one disk of a snapshot to a target. An unverified byte never gets there: a block that cannot be proven ends
 * the restore, or, with permission, becomes zeros and is reported.
 *
 * <p>Workers take pieces of the disk in ascending order; each reads its chunks in the order in which they lie in the
 * packs and writes the piece at once. Memory: threads × (piece + 4 MiB) of direct buffers.
 */
public final class RestoreJob {
    private final ReadSession session;
    private final DiskRecord disk;
    private final int threads;
    private final boolean allowDamaged;
    private final RestoreListener listener;
    private final Cancellation cancellation;

    public RestoreJob(
            ReadSession session,
            DiskRecord disk,
            int threads,
            boolean allowDamaged,
            RestoreListener listener,
            Cancellation cancellation) {
        this.session = session;
        this.disk = disk;
        this.threads = threads;
        this.allowDamaged = allowDamaged;
        this.listener = listener;
        this.cancellation = cancellation;
    }

    /**
     * @param written bytes written to the target
     * @param unchanged bytes that an existing target had already
     * @param zero bytes of zeros that needed no writing
     * @param damaged bytes replaced by zeros
     */
    public record Result(long written, long unchanged, long zero, long damaged) {
        Result plus(Result other) {
            return new Result(
                    written + other.written, unchanged + other.unchanged, zero + other.zero, damaged + other.damaged);
        }
    }

    /**
     * Fills a new target, which reads as zeros, or brings an {@link ExistingDisk} to the snapshot's content, writing
     * only the blocks that differ. Neither commits nor closes the target.
     */
    public Result run(DiskTarget target) throws IOException {
        BlockGrid grid = new BlockGrid(disk.size(), disk.blockSize());
        PieceQueue pieces = new PieceQueue(session.map(disk), grid, target instanceof ExistingDisk, cancellation);
        ExecutorService workers = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "varve-restore");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<Result>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                running.add(workers.submit(new RestoreWorker(session, grid, pieces, target, allowDamaged, listener)));
            }
            Result sum = new Result(0, 0, 0, 0);
            Throwable first = null;
            for (Future<Result> worker : running) {
                try {
                    sum = sum.plus(worker.get());
                } catch (ExecutionException e) {
                    first = first == null ? e.getCause() : first;
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    cancellation.request();
                }
            }
            rethrow(first);
            cancellation.check();
            return new Result(sum.written, sum.unchanged, sum.zero + pieces.skipped(), sum.damaged);
        } finally {
            workers.shutdown();
        }
    }

    private static void rethrow(Throwable failure) throws IOException {
        if (failure instanceof IOException e) {
            throw e;
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
    }

    /** Whole blocks that {@code range} touches, for messages about damage. */
    static Range blocks(BlockGrid grid, long firstBlock, long count) {
        long last = firstBlock + count - 1;
        return Range.between(grid.offset(firstBlock), grid.offset(last) + grid.length(last));
    }
}
