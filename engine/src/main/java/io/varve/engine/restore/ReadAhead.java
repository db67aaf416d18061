package io.varve.engine.restore;

import io.varve.engine.range.Range;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Detects sequential readers of a disk, up to {@value #STREAMS} at once, and loads what they will read next, on its own
 * threads. The window grows with each read, so nothing is loaded for a reader that reads two pieces and then jumps.
 * Thread-safe. Threads are started for the first sequential reader and end with {@link #close}.
 */
final class ReadAhead implements AutoCloseable {
    private static final int STREAMS = 16;

    /** Number of consecutive reads that make a sequential reader. */
    private static final int SURE = 2;

    private static final long FIRST_WINDOW = 256 << 10;

    /** Bytes that one thread loads at a time. */
    private static final long PIECE = 1 << 20;

    private final long size;
    private final long window;
    private final Loader loader;
    private final int threads;
    private final Stream[] streams = new Stream[STREAMS];
    private long uses;
    private ThreadPoolExecutor executor; // null until there is a sequential reader
    private volatile boolean closed;

    /** Loads a part of the disk into the cache. */
    @FunctionalInterface
    interface Loader {
        void load(Range part) throws IOException;
    }

    /** A presumed reader, recognised by its offsets. */
    private static final class Stream {
        private long next;
        private long ahead;
        private int reads;
        private long lastUse;
    }

    /**
     * @param size bytes of the disk
     * @param window most bytes to load ahead of one reader; 0 for none
     * @param threads number of threads for all readers together
     */
    ReadAhead(long size, long window, int threads, Loader loader) {
        this.size = size;
        this.window = window;
        this.threads = threads;
        this.loader = loader;
    }

    /** Called before each read. */
    void reading(long offset, long length) {
        if (window == 0 || length == 0) {
            return;
        }
        Range wanted;
        synchronized (streams) {
            wanted = next(offset, offset + length);
        }
        if (wanted == null) {
            return;
        }
        for (long at = wanted.offset(); at < wanted.endOffset(); at += PIECE) {
            long end = Math.min(wanted.endOffset(), at + PIECE);
            Range part = new Range(at, end - at);
            executor().execute(() -> load(part));
        }
    }

    /** Returns what to load now; null for nothing. */
    private Range next(long offset, long end) {
        Stream stream = stream(offset);
        stream.lastUse = ++uses;
        stream.reads = stream.next == offset && stream.reads < Integer.MAX_VALUE ? stream.reads + 1 : 0;
        stream.next = end;
        if (stream.reads < SURE) {
            stream.ahead = end;
            return null;
        }
        long reach = Math.min(window, FIRST_WINDOW << Math.min(20, stream.reads - SURE));
        long from = Math.max(stream.ahead, end);
        long to = Math.min(size, end + reach);
        // In pieces, so that neighbours in a pack are read together.
        if (from >= to || from - end > reach / 2) {
            return null;
        }
        stream.ahead = to;
        return new Range(from, to - from);
    }

    /** Returns the stream that continues at {@code offset}, or the one to replace by a new one. */
    private Stream stream(long offset) {
        int oldest = 0;
        for (int i = 0; i < STREAMS; i++) {
            if (streams[i] == null) {
                streams[i] = new Stream();
                streams[i].next = -1;
                return streams[i];
            }
            if (streams[i].next == offset) {
                return streams[i];
            }
            oldest = streams[i].lastUse < streams[oldest].lastUse ? i : oldest;
        }
        return streams[oldest];
    }

    /** Loads a part in the background. If the queue is full or loading fails, the reader loads the part itself. */
    private void load(Range part) {
        if (closed) {
            return;
        }
        try {
            loader.load(part);
        } catch (IOException e) {
            // The reader will meet the same failure and report it.
        }
    }

    private synchronized ThreadPoolExecutor executor() {
        if (executor == null) {
            executor = new ThreadPoolExecutor(
                    threads,
                    threads,
                    0,
                    TimeUnit.SECONDS,
                    new ArrayBlockingQueue<>(STREAMS * 8),
                    task -> {
                        Thread thread = new Thread(task, "varve-read-ahead");
                        thread.setDaemon(true);
                        return thread;
                    },
                    new ThreadPoolExecutor.DiscardPolicy());
        }
        return executor;
    }

    /** Waits for running loads, because they use resources that the caller closes next. */
    @Override
    public void close() {
        closed = true;
        ThreadPoolExecutor running;
        synchronized (this) {
            running = executor;
        }
        if (running == null) {
            return;
        }
        running.shutdown();
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = running.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
