package io.varve.store.session;

import io.varve.store.backend.Backend;
import io.varve.store.chunk.ChunkId;
import io.varve.store.index.ChunkIndex;
import io.varve.store.index.Place;
import io.varve.store.pack.PackWriter.SealedPack;
import java.io.Closeable;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * An index in use by writing sessions: any thread may look up, one at a time enters. From time to time it reads which
 * packs others have published. Sessions of one process may share it if they treat the same packs as condemned.
 * Thread-safe.
 */
final class WorkingIndex {
    /** Listing the packs takes at most one part in this many of the time. */
    private static final int LOOK_AROUND_SHARE = 50;

    private static final long LOOK_AROUND_PAUSE = TimeUnit.SECONDS.toNanos(1);

    private final ChunkIndex index;
    private final Backend backend;
    private final Closeable slot;
    private final ReentrantLock entering = new ReentrantLock();
    private long lookAroundAt; // guarded by entering
    private int users = 1;
    private boolean committed;

    /**
     * @param index closed when the last user has released it
     * @param slot its place, released likewise
     */
    WorkingIndex(ChunkIndex index, Backend backend, Closeable slot) {
        this.index = index;
        this.backend = backend;
        this.slot = slot;
        this.lookAroundAt = System.nanoTime() + pause(index.comparisonNanos());
    }

    private static long pause(long duration) {
        return Math.max(LOOK_AROUND_PAUSE, LOOK_AROUND_SHARE * duration);
    }

    /** Adds a user. @return false when the last user has already released it */
    synchronized boolean share() {
        if (users == 0) {
            return false;
        }
        users++;
        return true;
    }

    /**
     * Releases it; the last user closes it.
     *
     * @param hasCommitted whether this user wrote something that will be read: then files are merged at the end
     */
    void release(boolean hasCommitted) throws IOException {
        synchronized (this) {
            committed |= hasCommitted;
            users--;
            if (users > 0) {
                return;
            }
        }
        try (slot;
                index) {
            if (committed) {
                index.finishMerging();
            }
        }
    }

    /** The index itself, for a user that does not share it. */
    ChunkIndex alone() {
        return index;
    }

    Place find(ChunkId id) throws IOException {
        return index.find(id);
    }

    /** @see ChunkIndex#unusable */
    Set<ChunkId> unusable() {
        return index.unusable();
    }

    boolean knowsPack(ChunkId pack) {
        return index.knowsPack(pack);
    }

    /** @see ChunkIndex#epoch */
    int epoch() throws IOException {
        return index.epoch();
    }

    boolean isProven(ChunkId mapRoot) throws IOException {
        return index.isProven(mapRoot);
    }

    void proven(ChunkId mapRoot) throws IOException {
        entering(() -> index.proven(mapRoot));
    }

    /** Enters a pack that was just published, and packs of others if it is time to check for them. */
    void published(SealedPack pack) throws IOException {
        entering(() -> {
            index.add(pack.id(), pack.footer());
            long now = System.nanoTime();
            if (now - lookAroundAt >= 0) {
                index.enterNew(backend);
                lookAroundAt = now + pause(System.nanoTime() - now);
            }
        });
    }

    /** Enters the packs that other sessions have published so far. */
    void lookAround() throws IOException {
        entering(() -> index.enterNew(backend));
    }

    /** Packs in the index that are gone. */
    Set<ChunkId> vanished() throws IOException {
        return index.compare(backend).absent();
    }

    /**
     * Removes packs that are gone. Every user has to check again what it relies on; a change of {@link #epoch} shows
     * that.
     */
    void forgetVanished(Set<ChunkId> gone) throws IOException {
        entering(() -> index.forgetVanished(backend, gone));
    }

    /** Makes all entries durable, and visible to readers that open the index from now on. */
    void flush() throws IOException {
        entering(index::flush);
    }

    @FunctionalInterface
    private interface Change {
        void make() throws IOException;
    }

    private void entering(Change change) throws IOException {
        entering.lock();
        try {
            change.make();
        } finally {
            entering.unlock();
        }
    }
}
