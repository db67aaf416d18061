package io.varve.store.session;

import io.varve.store.backend.Backend;
import io.varve.store.chunk.ChunkId;
import io.varve.store.index.ChunkIndex;
import io.varve.store.index.Place;
import io.varve.store.pack.PackWriter.SealedPack;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * An index while a session writes: any thread looks, one at a time enters. Now and then it learns what other sessions
 * published. Thread-safe.
 */
final class WorkingIndex implements Closeable {
    /** Listing the packs may cost this share of the time at most. */
    private static final int LOOK_AROUND_SHARE = 50;

    private static final long LOOK_AROUND_PAUSE = TimeUnit.SECONDS.toNanos(1);

    private final ChunkIndex index;
    private final Backend backend;
    private final ReentrantLock entering = new ReentrantLock();
    private long lookAroundAt; // guarded by entering

    /** @param index closed with this */
    WorkingIndex(ChunkIndex index, Backend backend) {
        this.index = index;
        this.backend = backend;
        this.lookAroundAt = System.nanoTime() + pause(index.comparisonNanos());
    }

    private static long pause(long duration) {
        return Math.max(LOOK_AROUND_PAUSE, LOOK_AROUND_SHARE * duration);
    }

    /** For whoever has the session, and so the index, to himself. */
    ChunkIndex alone() {
        return index;
    }

    Place find(ChunkId id) throws IOException {
        return index.find(id);
    }

    boolean isProven(ChunkId mapRoot) throws IOException {
        return index.isProven(mapRoot);
    }

    void proven(ChunkId mapRoot) throws IOException {
        entering.lock();
        try {
            index.proven(mapRoot);
        } finally {
            entering.unlock();
        }
    }

    /** Enters a pack that was just published, and what others published if it is time to look. */
    void published(SealedPack pack) throws IOException {
        entering.lock();
        try {
            index.add(pack.id(), pack.footer());
            long now = System.nanoTime();
            if (now - lookAroundAt >= 0) {
                index.enterNew(backend);
                lookAroundAt = now + pause(System.nanoTime() - now);
            }
        } finally {
            entering.unlock();
        }
    }

    /** Learns now of what other sessions published so far. */
    void lookAround() throws IOException {
        entering.lock();
        try {
            index.enterNew(backend);
        } finally {
            entering.unlock();
        }
    }

    /** Makes what was entered durable, and visible to readers that open from now on. */
    void flush() throws IOException {
        entering.lock();
        try {
            index.flush();
        } finally {
            entering.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        index.close();
    }
}
