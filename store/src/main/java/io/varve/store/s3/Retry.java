package io.varve.store.s3;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How often and when one request is sent again: after growing pauses of random length, until there were too many
 * attempts or too much time has gone. One thread.
 */
final class Retry {
    /** How a pause is made. */
    @FunctionalInterface
    interface Pause {
        void millis(long millis) throws InterruptedException;
    }

    private static final int MOST_ATTEMPTS = 9;
    private static final long FIRST_MILLIS = 200;
    private static final long LONGEST_MILLIS = 20_000;
    private static final long BUDGET_MILLIS = 300_000;

    private final Pause pause;
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
        long most = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(failures - 1, 10));
        long millis = Math.max(ThreadLocalRandom.current().nextLong(most / 2, most + 1), failure.retryAfterMillis());
        if (failures >= MOST_ATTEMPTS || waited + millis > BUDGET_MILLIS) {
            return false;
        }
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
