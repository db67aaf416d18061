package io.varve.engine;

/**
 * How fast something is being read, and so whether it pays to have more readers than processors: who reads out of
 * memory only loses by handing over what was read. Thread-safe.
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
     * @param least bytes per nanosecond of one reader; below it, reading is slow
     * @param windowNanos so much time of reading is looked at, or 16 MiB, what comes first
     */
    public ReadSpeed(double least, long windowNanos) {
        this.least = least;
        this.windowNanos = windowNanos;
    }

    /** Something was read by one thread. */
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

    /** Whether reading, as it was lately, leaves processors waiting. */
    public boolean isSlow() {
        return slow;
    }

    /** Returns when reading is slow, or everything has been read. */
    public synchronized void awaitNeed() {
        boolean interrupted = false;
        while (!slow && !ended) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true; // for whoever runs this; nobody in here stops for it
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Everything has been read, or everything stops: nobody is needed any more. */
    public synchronized void end() {
        ended = true;
        notifyAll();
    }
}
