package io.varve.engine.backup;

import io.varve.engine.plan.WindowPlan;
import io.varve.store.backend.AlignedBuffer;
import io.varve.store.crypt.LockedRepositoryException;
import io.varve.store.session.ChunkWriter;
import io.varve.store.session.WriteSession;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;

/**
 * What the workers of all disks of a backup share: 2 × threads places, each with room for one run, and {@code threads}
 * processors, each with a chunk writer. A worker takes a place before it asks for a run, and a processor when it has
 * read it. Where reading is slow it gives the processor up while it reads: then {@code threads} runs are processed
 * while as many others are being read, or more of them when reading is what takes long.
 *
 * <p>Nobody can wait for ever: whoever holds a processor waits for neither, whoever holds a place waits for no other
 * place. Who waits stands in a queue, so one disk's workers do not crowd out another's.
 *
 * <p>Memory, all direct: threads × (2 runs + 2.1 blocks, 4.1 blocks when the repository is encrypted), whatever the
 * number of disks. Buffers and writers are made when they are first needed, and the last one used is the first to be
 * used again, so that little work takes little memory. Thread-safe.
 */
final class Workbench {
    private final WriteSession session;
    private final BackupOptions options;
    private final int blockSize;
    private final Semaphore places;
    private final Semaphore processors;
    private final Deque<ByteBuffer> buffers = new ArrayDeque<>();
    private final Deque<ChunkWriter> writers = new ArrayDeque<>();

    Workbench(WriteSession session, BackupOptions options) {
        this.session = session;
        this.options = options;
        this.blockSize = session.repository().config().blockSize();
        this.places = new Semaphore(places(options), true);
        this.processors = new Semaphore(options.threads(), true);
    }

    /** How many there are; more workers than that are of no use to a disk. */
    static int places(BackupOptions options) {
        return 2 * options.threads();
    }

    /** A place to read a run into; waits for one. Used by one worker, which closes it. */
    Place place() {
        places.acquireUninterruptibly();
        return new Place();
    }

    /** @see #place() */
    final class Place implements AutoCloseable {
        private ByteBuffer buffer;

        /** Direct, of the largest run, the same one each time; position and limit are those it was left with. */
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

    /**
     * The right to use a processor, and what it stores chunks with; waits for one. Used by one worker, which
     * {@linkplain #giveBack(ChunkWriter) gives it back}.
     */
    ChunkWriter processor() throws LockedRepositoryException {
        processors.acquireUninterruptibly();
        try {
            synchronized (writers) {
                if (!writers.isEmpty()) {
                    return writers.pop();
                }
            }
            return session.newChunkWriter(blockSize, options.compression());
        } catch (LockedRepositoryException | RuntimeException | Error e) {
            processors.release();
            throw e;
        }
    }

    void giveBack(ChunkWriter processor) {
        synchronized (writers) {
            writers.push(processor);
        }
        processors.release();
    }

    private ByteBuffer takeBuffer() {
        synchronized (buffers) {
            if (!buffers.isEmpty()) {
                return buffers.pop();
            }
        }
        return AlignedBuffer.allocate(WindowPlan.runSize(blockSize, options.runSize()));
    }

    private void giveBack(ByteBuffer buffer) {
        synchronized (buffers) {
            buffers.push(buffer);
        }
    }
}
