package io.varve.engine;

/**
 * Measures how fast a source is being read, to decide whether more readers than processors pay off. When data comes
 * from memory, they do not: handing it over to another thread only costs time. Thread-safe.
 */
public final class ReadSpeed {
    private static final long WINDOW_BYTES = 16L << 20;

    private final double least;
    private final long windowNanos;
    private long bytes;
    private long nanos;
    private volatile boolean slow;
    private boolean ended;

    /**
     * @param least speed of one reader in bytes per nanosecond below which reading counts as slow
     * @param windowNanos the speed is computed each time this much time was spent reading, or 16 MiB were read
     */
    public ReadSpeed(double least, long windowNanos) {
        this.least = least;
        this.windowNanos = windowNanos;
    }

    /** Records a read by one thread. */
    public synchronized void add(long moreBytes, long moreNanos) {
        bytes += moreBytes;
        nanos += moreNanos;
        if (bytes >= WINDOW_BYTES || nanos >= windowNanos) {
            slow = bytes < least * nanos;
            bytes = 0;
            nanos = 0;
            if (slow) {
                notifyAll();
            }
        }
    }

    /** Whether reading was recently too slow to keep the processors busy. */
    public boolean isSlow() {
        return slow;
    }

    /** Waits until reading is slow, or everything has been read. */
    public synchronized void awaitNeed() {
        boolean interrupted = false;
        while (!slow && !ended) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true; // restored for the caller; it does not end the wait
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends all waits: everything has been read, or the work stops. */
    public synchronized void end() {
        ended = true;
        notifyAll();
    }
}
