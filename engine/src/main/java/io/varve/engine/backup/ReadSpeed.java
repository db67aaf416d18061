package io.varve.engine.backup;

import java.util.concurrent.CountDownLatch;

/**
 * How fast a disk is being read, and so whether it pays to read ahead of the processors: what comes out of memory does
 * not, since handing a run from one thread to another takes longer than waiting for it. Thread-safe.
 */
final class ReadSpeed {
    /** One thread copies out of the page cache at several bytes per nanosecond; nothing else is this fast. */
    private static final double BYTES_PER_NANO = 1.5;

    private static final long WINDOW_BYTES = 16L << 20;
    private static final long WINDOW_NANOS = 20_000_000;

    private final CountDownLatch helpers = new CountDownLatch(1);
    private long bytes;
    private long nanos;
    private volatile boolean slow;

    /** Something was read by one thread. */
    synchronized void add(long moreBytes, long moreNanos) {
        bytes += moreBytes;
        nanos += moreNanos;
        if (bytes >= WINDOW_BYTES || nanos >= WINDOW_NANOS) {
            slow = bytes < BYTES_PER_NANO * nanos;
            bytes = 0;
            nanos = 0;
            if (slow) {
                helpers.countDown();
            }
        }
    }

    /** Whether reading, as it was lately, leaves processors waiting. */
    boolean isSlow() {
        return slow;
    }

    /** Returns when reading was slow for the first time, or the disk is at its end. */
    void awaitNeed() {
        boolean interrupted = false;
        while (true) {
            try {
                helpers.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true; // for whoever runs this; nobody in here stops for it
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The disk is at its end, or everything stops: nobody is needed any more. */
    void end() {
        helpers.countDown();
    }
}
