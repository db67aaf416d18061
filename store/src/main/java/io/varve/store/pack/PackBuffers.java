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
 * Buffers in which packs collect their bytes before they are written. A full buffer is written either at once by the
 * thread that filled it, or in the background by a single thread, in the order in which buffers were filled. In the
 * background a disk that is slow for a moment does not slow down hashing.
 *
 * <p>Memory is bounded: a thread that needs a buffer waits until one has been written. Buffers are aligned to 4 KiB,
 * allocated on demand and reused. Thread-safe.
 */
public final class PackBuffers implements Closeable {
    private static final int SIZE = 1 << 20;

    /** One is being filled, at most three belong to packs that wait to be published, and the rest are being written. */
    private static final int BEHIND = 6;

    private final int size;
    private final Semaphore room;
    private final ConcurrentLinkedDeque<ByteBuffer> idle = new ConcurrentLinkedDeque<>();
    private final ExecutorService writer; // null if the thread that fills a buffer writes it

    private PackBuffers(int size, int count, ExecutorService writer) {
        this.size = size;
        this.room = new Semaphore(count);
        this.writer = writer;
    }

    /** One buffer, for one pack at a time, written by the thread that fills it. */
    public static PackBuffers atOnce() {
        return atOnce(SIZE);
    }

    /** @param size of the buffer in bytes */
    public static PackBuffers atOnce(int size) {
        return new PackBuffers(size, 1, null);
    }

    /** Buffers of up to 6 MiB in all, written by a background thread that runs until {@link #close}. */
    public static PackBuffers behind() {
        return new PackBuffers(SIZE, BEHIND, Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "varve-write");
            thread.setDaemon(true);
            return thread;
        }));
    }

    /** Returns an empty buffer, waiting for one if necessary. The caller owns it until it gives it back. */
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
            room.release(); // otherwise waiting threads would hang: this buffer will never be given back
            throw e;
        }
    }

    void giveBack(ByteBuffer buffer) {
        idle.addFirst(buffer);
        room.release();
    }

    /** Runs {@code write} after everything submitted before it. {@code write} must give its buffer back. */
    Future<?> submit(Runnable write) {
        if (writer != null) {
            return writer.submit(write);
        }
        FutureTask<?> done = new FutureTask<>(write, null);
        done.run();
        return done;
    }

    /** Writes what is still queued and ends the background thread. */
    @Override
    public void close() {
        if (writer != null) {
            writer.shutdown();
        }
    }
}
