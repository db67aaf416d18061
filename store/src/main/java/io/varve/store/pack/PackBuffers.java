package io.varve.store.pack;

import io.varve.store.backend.AlignedBuffer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;

/**
 * Memory in which packs gather their bytes, and the way of what is gathered to the file: at once, or behind, by one
 * thread, in the order in which buffers were filled, so that nobody hashes slower because a disk is slow for a moment.
 *
 * <p>Bounded: whoever needs a buffer waits until one was written. Buffers are aligned to 4 KiB, made when needed, and
 * kept. Thread-safe.
 */
public final class PackBuffers implements Closeable {
    private static final int SIZE = 1 << 20;

    /** One is filled; three packs at most wait to be published, each with one; the others are being written. */
    private static final int BEHIND = 6;

    private final int size;
    private final Semaphore room;
    private final ConcurrentLinkedDeque<ByteBuffer> idle = new ConcurrentLinkedDeque<>();
    private final ExecutorService writer; // null: whoever fills a buffer writes it

    private PackBuffers(int size, int count, ExecutorService writer) {
        this.size = size;
        this.room = new Semaphore(count);
        this.writer = writer;
    }

    /** One buffer for one pack at a time; who fills it writes it. */
    public static PackBuffers atOnce() {
        return atOnce(SIZE);
    }

    /** @param size bytes of the buffer */
    public static PackBuffers atOnce(int size) {
        return new PackBuffers(size, 1, null);
    }

    /** Up to 6 MiB, written by a thread that lives until {@link #close}. */
    public static PackBuffers behind() {
        return new PackBuffers(SIZE, BEHIND, Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "varve-write");
            thread.setDaemon(true);
            return thread;
        }));
    }

    /** An empty buffer, the caller's until it is given back. */
    ByteBuffer take() throws IOException {
        try {
            room.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while packs were being written", e);
        }
        ByteBuffer buffer = idle.pollFirst();
        try {
            return buffer == null ? AlignedBuffer.allocate(size) : buffer.clear();
        } catch (OutOfMemoryError e) {
            room.release(); // or the others wait for ever for what nobody will give back
            throw e;
        }
    }

    void giveBack(ByteBuffer buffer) {
        idle.addFirst(buffer);
        room.release();
    }

    /** Runs {@code write} after all that were handed in before; it has to give its buffer back. */
    Future<?> submit(Runnable write) {
        if (writer != null) {
            return writer.submit(write);
        }
        FutureTask<?> done = new FutureTask<>(write, null);
        done.run();
        return done;
    }

    /** Ends the thread when it has written what it was given. */
    @Override
    public void close() {
        if (writer != null) {
            writer.shutdown();
        }
    }
}
