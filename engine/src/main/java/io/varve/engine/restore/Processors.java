package io.varve.engine.restore;

import io.varve.engine.ReadSpeed;
import java.io.IOException;
import java.util.concurrent.Semaphore;

/**
 * Limits how many workers use a processor at the same time. A restore has more workers than that, because they also
 * wait for reads and writes. A worker keeps its processor while it reads, unless reading is slow; then another worker
 * uses it meanwhile. Thread-safe.
 */
final class Processors {
    /**
     * Speed of one reader in bytes per nanosecond below which reading is slow. Local solid-state disks are faster.
     * Spinning disks and networks are slower, and gain from more concurrent requests.
     */
    private static final double SLOW = 0.2;

    /** Long enough that a single delayed read does not decide. */
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

    /** Waits for a processor and runs {@code work} on it. */
    void use(Work work) throws IOException {
        free.acquireUninterruptibly();
        try {
            work.run();
        } finally {
            free.release();
        }
    }

    /** Reads {@code length} bytes. Called from within {@link #use}. */
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

    /** The speed of reading, on which helpers wait until they are needed or everything is done. */
    ReadSpeed speed() {
        return speed;
    }
}
