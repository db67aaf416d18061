package io.varve.engine.restore;

import io.varve.engine.ReadSpeed;
import java.io.IOException;
import java.util.concurrent.Semaphore;

/**
 * So many workers may use a processor at a time; a restore has more of them, since they also wait for reads and writes.
 * Whoever has a processor keeps it while it reads, unless reading is slow: then another worker uses it meanwhile.
 * Thread-safe.
 */
final class Processors {
    /**
     * Bytes per nanosecond of one reader. A local disk without moving parts is faster; heads that move and networks are
     * not, and they do better the more they are asked for at a time.
     */
    private static final double SLOW = 0.2;

    /** Long enough for one read that had to wait, for a processor or a write, not to count as many. */
    private static final long WINDOW_NANOS = 100_000_000;

    private final Semaphore free;
    private final ReadSpeed speed = new ReadSpeed(SLOW, WINDOW_NANOS);

    Processors(int count) {
        this.free = new Semaphore(count);
    }

    @FunctionalInterface
    interface Work {
        void run() throws IOException;
    }

    /** Waits for a processor and does {@code work} with it. */
    void use(Work work) throws IOException {
        free.acquireUninterruptibly();
        try {
            work.run();
        } finally {
            free.release();
        }
    }

    /** Reads {@code length} bytes, within {@link #use}. */
    void read(int length, Work reading) throws IOException {
        boolean slow = speed.isSlow();
        if (slow) {
            free.release();
        }
        long started = System.nanoTime();
        try {
            reading.run();
        } finally {
            speed.add(length, System.nanoTime() - started);
            if (slow) {
                free.acquireUninterruptibly();
            }
        }
    }

    /** How fast reading is: when more workers pay, and that none is needed any more. */
    ReadSpeed speed() {
        return speed;
    }
}
