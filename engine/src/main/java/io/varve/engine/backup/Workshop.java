package io.varve.engine.backup;

import io.varve.engine.plan.WindowPlan;
import io.varve.store.backend.AlignedBuffer;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;

/**
 * Resources shared by concurrent backups in one process: 2 × threads places, each with room for one run, and
 * {@code threads} rights to process. They bound runs and processors by threads, not by jobs, machines or disks.
 * Requests are served in order, so one machine's disks do not crowd out another's.
 *
 * <p>Memory, all direct: 2 × threads runs. Each job has in addition its own chunk writers, at most one for each thread,
 * and its session's buffers of two packs. Buffers are allocated when they are first needed, and the last one used is
 * the first to be reused. Thread-safe.
 */
public final class Workshop {
    private final int threads;
    private final int blockSize;
    private final int runSize;
    private final Semaphore places;
    private final Semaphore processors;
    private final Deque<ByteBuffer> buffers = new ArrayDeque<>();

    /** @param blockSize of the repository, in bytes */
    public Workshop(BackupOptions options, int blockSize) {
        this.threads = options.threads();
        this.blockSize = blockSize;
        this.runSize = options.runSize();
        this.places = new Semaphore(2 * threads, true);
        this.processors = new Semaphore(threads, true);
    }

    /** How many places there are; more workers than that are of no use to a disk. */
    int places() {
        return 2 * threads;
    }

    /** A place to read a run into; waits for one. Used by one worker, which closes it. */
    Place place() {
        places.acquireUninterruptibly();
        return new Place();
    }

    /** @see #place() */
    final class Place implements AutoCloseable {
        private ByteBuffer buffer;

        /**
         * A direct buffer for the largest run. It is the same one each time; position and limit are as the last use
         * left them.
         */
        ByteBuffer buffer() {
            if (buffer == null) {
                buffer = takeBuffer();
            }
            return buffer;
        }

        @Override
        public void close() {
            if (buffer != null) {
                giveBack(buffer);
                buffer = null;
            }
            places.release();
        }
    }

    /** Waits for the right to process a run. */
    void beginProcessing() {
        processors.acquireUninterruptibly();
    }

    void endProcessing() {
        processors.release();
    }

    private ByteBuffer takeBuffer() {
        synchronized (buffers) {
            if (!buffers.isEmpty()) {
                return buffers.pop();
            }
        }
        return AlignedBuffer.allocate(WindowPlan.runSize(blockSize, runSize));
    }

    private void giveBack(ByteBuffer buffer) {
        synchronized (buffers) {
            buffers.push(buffer);
        }
    }
}
