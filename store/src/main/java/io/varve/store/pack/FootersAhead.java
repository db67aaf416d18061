package io.varve.store.pack;

import io.varve.store.backend.Backend;
import io.varve.store.chunk.ChunkId;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Reads the footers of many packs and returns them in order. Where requests take long, the next ones are read
 * meanwhile, as many as the backend wants at a time. For one thread.
 */
public final class FootersAhead implements Closeable {
    private final Backend backend;
    private final Iterator<ChunkId> packs;
    private final int width;
    private final Queue<Future<PackFooter>> ahead = new ArrayDeque<>();
    private final ExecutorService threads; // null: nothing is read in advance

    public FootersAhead(Backend backend, Collection<ChunkId> packs) {
        this.backend = backend;
        this.packs = packs.iterator();
        this.width = Math.min(backend.requestsAtOnce(), packs.size());
        this.threads = width <= 1
                ? null
                : Executors.newFixedThreadPool(width, task -> {
                    Thread thread = new Thread(task, "footers");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /**
     * The footer of the next pack.
     *
     * @throws io.varve.store.fault.CorruptDataException if the object is not this pack; the next call goes on
     * @throws java.nio.file.NoSuchFileException when there is none; the next call goes on
     */
    public PackFooter next() throws IOException {
        if (threads == null) {
            return PackReader.footer(backend, packs.next());
        }
        while (ahead.size() < width && packs.hasNext()) {
            ChunkId pack = packs.next();
            ahead.add(threads.submit(() -> PackReader.footer(backend, pack)));
        }
        try {
            return ahead.remove().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while reading the footers of packs");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        }
    }

    /** Waits for nothing: requests under way end by themselves, and their footers are dropped. */
    @Override
    public void close() {
        if (threads != null) {
            threads.shutdownNow();
        }
    }
}
