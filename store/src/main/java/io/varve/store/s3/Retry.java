package io.varve.store.s3;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * How often and when one request is sent again: after growing pauses of random length, until five minutes have gone.
 * One thread.
 */
final class Retry {
    /** How a pause is made. */
    @FunctionalInterface
    interface Pause {
        void millis(long millis) throws InterruptedException;
    }

    private static final long FIRST_MILLIS = 200;
    private static final long LONGEST_MILLIS = 20_000;
    private static final long BUDGET_MILLIS = 300_000;

    private final Pause pause;
    private final long begun = System.nanoTime();
    private int failures;
    private long waited;

    Retry(Pause pause) {
        this.pause = pause;
    }

    /**
     * Waits before the next attempt.
     *
     * @return false, at once, if there is to be none
     */
    boolean again(TransientException failure) throws IOException {
        failures++;
        long left = BUDGET_MILLIS - Math.max(waited, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
        if (left <= 0) {
            return false;
        }
        long most = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(failures - 1, 10));
        long wanted = Math.max(ThreadLocalRandom.current().nextLong(most / 2, most + 1), failure.retryAfterMillis());
        long millis = Math.min(wanted, left);
        waited += millis;
        try {
            pause.millis(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted while waiting to try again");
            interrupted.initCause(failure);
            throw interrupted;
        }
        return true;
    }

    /** How many attempts have failed. */
    int failures() {
        return failures;
    }
}
