package io.varve.store.session;

import io.varve.store.Repository;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.pack.FrameHeader;
import io.varve.store.pack.PackBuffers;
import io.varve.store.pack.PackFormat;
import io.varve.store.pack.PackWriter;
import io.varve.store.pack.PackWriter.SealedPack;
import io.varve.store.parity.ParityWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * One open pack, and full packs on their way to disk. One background thread writes the buffered frames; another syncs
 * and publishes full packs and only then enters their chunks in the index. At most two full packs wait while the next
 * is filled. Memory: see {@link PackBuffers}.
 *
 * <p>Thread-safe.
 */
final class PackPipeline implements Closeable {
    private static final int MAX_UNPUBLISHED = 2;

    private final Repository repository;
    private final int tag;
    private final Set<ChunkId> takenNames;
    private final Opening opening;
    private final Published published;
    private final ExecutorService publisher = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "varve-publish");
        thread.setDaemon(true);
        return thread;
    });
    private final PackBuffers buffers = PackBuffers.behind();
    private final Queue<Future<?>> unpublished = new ArrayDeque<>();
    private PackWriter open;
    private IOException failure;

    /** Puts into a new pack what each pack begins with. */
    @FunctionalInterface
    interface Opening {
        void begin(PackWriter pack) throws IOException;
    }

    /** Receives each pack when it is durable and published. */
    @FunctionalInterface
    interface Published {
        void pack(SealedPack pack) throws IOException;
    }

    /**
     * @param tag of the session, for the packs' headers
     * @param takenNames packs that were condemned or unusable when the session began: none of its packs may get such a
     *     name
     */
    PackPipeline(Repository repository, int tag, Set<ChunkId> takenNames, Opening opening, Published published) {
        this.opening = opening;
        this.repository = repository;
        this.tag = tag;
        this.takenNames = takenNames;
        this.published = published;
    }

    synchronized void append(FrameHeader header, ByteBuffer payload) throws IOException {
        checkUsable();
        try {
            if (open == null) {
                open = new PackWriter(
                        repository.backend(), repository.config().repositoryId(), tag, takenNames, buffers);
                opening.begin(open);
            }
            open.append(header, payload);
            if (open.length() >= repository.config().packTargetSize() || open.frameCount() >= PackFormat.FULL_FRAMES) {
                seal();
            }
        } catch (IOException | RuntimeException | Error e) {
            failed(e); // whatever it was: half a frame may be in the pack, which nobody may finish now
            throw e;
        }
    }

    private void failed(Throwable why) {
        failure = why instanceof IOException e ? e : new IOException(why.toString(), why);
    }

    private void checkUsable() throws IOException {
        if (failure != null) {
            throw new IOException("this session has already failed: " + failure.getMessage(), failure);
        }
    }

    private void seal() throws IOException {
        PackWriter full = open;
        unpublished.add(publisher.submit(() -> {
            publish(full);
            return null;
        }));
        open = null; // only now: if no thread can be started, close() still closes it
        while (unpublished.size() > MAX_UNPUBLISHED) {
            awaitOldest();
        }
    }

    private void publish(PackWriter full) throws IOException {
        try (full) {
            SealedPack pack = full.publish();
            published.pack(pack);
            int parityPercent = repository.config().parityPercent();
            if (parityPercent > 0) { // redundancy: a crash before this leaves a pack that counts
                new ParityWriter(repository.backend(), parityPercent).write(pack.id());
            }
        }
    }

    private void awaitOldest() throws IOException {
        try {
            unpublished.remove().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CorruptDataException corrupt) {
                throw corrupt;
            }
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a pack was being published", e);
        }
    }

    /** Publishes the open pack and waits until everything is durable and in the index. */
    synchronized void finish() throws IOException {
        checkUsable();
        try {
            if (open != null) {
                seal();
            }
            while (!unpublished.isEmpty()) {
                awaitOldest();
            }
        } catch (IOException | RuntimeException | Error e) {
            failed(e);
            throw e;
        }
    }

    /**
     * Waits even when interrupted: resources of the publisher, above all the index's native memory, are closed next.
     */
    private void awaitPublisher() {
        boolean interrupted = false;
        while (!publisher.isTerminated()) {
            try {
                publisher.awaitTermination(1, TimeUnit.HOURS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized void close() throws IOException {
        publisher.shutdown();
        awaitPublisher();
        IOException first = null;
        while (!unpublished.isEmpty()) {
            try {
                awaitOldest();
            } catch (IOException e) {
                first = first == null ? e : first;
            }
        }
        try (buffers) {
            if (open != null) {
                open.close();
                open = null;
            }
        }
        if (first != null && failure == null) {
            throw first;
        }
    }
}
