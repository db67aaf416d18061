package io.varve.engine.backup;

import io.varve.store.chunk.Compression;
import io.varve.store.crypt.LockedRepositoryException;
import io.varve.store.session.ChunkWriter;
import io.varve.store.session.WriteSession;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Resources shared by the workers of all disks of one backup: the places and processors of a {@link Workshop}, which
 * other backups may use too, and the chunk writers of the backup's session. A worker takes a place before it takes a
 * run, and a processor when it has read the run. Where reading is slow, it releases the processor while it reads: then
 * as many runs as there are processors are processed while as many or more others are being read.
 *
 * <p>There is no deadlock: a worker that holds a processor waits for neither, and one that holds a place waits for no
 * other place.
 *
 * <p>Memory, all direct, beside the workshop's: 2.1 blocks for each processor that this backup has used at once, 4.1
 * when the repository is encrypted. Thread-safe.
 */
final class Workbench {
    private final WriteSession session;
    private final Compression compression;
    private final int blockSize;
    private final Workshop workshop;
    private final Deque<ChunkWriter> writers = new ArrayDeque<>();

    Workbench(WriteSession session, Compression compression, Workshop workshop) {
        this.session = session;
        this.compression = compression;
        this.blockSize = session.repository().config().blockSize();
        this.workshop = workshop;
    }

    /** How many places there are. */
    int places() {
        return workshop.places();
    }

    /** A place to read a run into; waits for one. Used by one worker, which closes it. */
    Workshop.Place place() {
        return workshop.place();
    }

    /**
     * The right to use a processor, with a chunk writer; waits for one. Used by one worker, which
     * {@linkplain #giveBack(ChunkWriter) gives it back}.
     */
    ChunkWriter processor() throws LockedRepositoryException {
        workshop.beginProcessing();
        try {
            synchronized (writers) {
                if (!writers.isEmpty()) {
                    return writers.pop();
                }
            }
            return session.newChunkWriter(blockSize, compression);
        } catch (LockedRepositoryException | RuntimeException | Error e) {
            workshop.endProcessing();
            throw e;
        }
    }

    void giveBack(ChunkWriter processor) {
        synchronized (writers) {
            writers.push(processor);
        }
        workshop.endProcessing();
    }
}
