package io.varve.store.check;

import java.io.InterruptedIOException;
import java.util.function.LongSupplier;

/**
 * Limits reading to a number of bytes per second, to leave the disk to others: a token bucket that holds one second's
 * worth of bytes. A caller that takes more than it holds waits until it would have been filled. Thread-safe; waiting
 * threads are served in order.
 */
public final class ReadRate {
    private static final double NANOS = 1e9;

    private final double bytesPerSecond;
    private final LongSupplier nanoClock;
    private final Sleeper sleeper;
    private double available;
    private long filledAt;

    /** Waits. */
    @FunctionalInterface
    interface Sleeper {
        void sleep(long nanos) throws InterruptedException;
    }

    ReadRate(double bytesPerSecond, LongSupplier nanoClock, Sleeper sleeper) {
        this.bytesPerSecond = bytesPerSecond;
        this.nanoClock = nanoClock;
        this.sleeper = sleeper;
        this.available = bytesPerSecond;
        this.filledAt = nanoClock.getAsLong();
    }

    /** A limit in bytes per second. */
    public static ReadRate of(long bytesPerSecond) {
        if (bytesPerSecond <= 0) {
            throw new IllegalArgumentException("a rate above 0, not " + bytesPerSecond);
        }
        return new ReadRate(bytesPerSecond, System::nanoTime, ReadRate::sleep);
    }

    /** No limit. */
    public static ReadRate unlimited() {
        return new ReadRate(Double.POSITIVE_INFINITY, System::nanoTime, ReadRate::sleep);
    }

    private static void sleep(long nanos) throws InterruptedException {
        Thread.sleep(nanos / 1_000_000, (int) (nanos % 1_000_000));
    }

    /**
     * Waits until {@code bytes} may be read.
     *
     * @throws InterruptedIOException when the thread is interrupted
     */
    public void take(long bytes) throws InterruptedIOException {
        if (bytesPerSecond == Double.POSITIVE_INFINITY) {
            return;
        }
        long wait = debt(bytes);
        if (wait > 0) {
            try {
                sleeper.sleep(wait);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            }
        }
    }

    /** Takes bytes in advance if necessary; the next caller waits for them too. */
    private synchronized long debt(long bytes) {
        long now = nanoClock.getAsLong();
        available = Math.min(bytesPerSecond, available + (now - filledAt) / NANOS * bytesPerSecond);
        filledAt = now;
        available -= bytes;
        return available >= 0 ? 0 : (long) Math.ceil(-available / bytesPerSecond * NANOS);
    }
}
