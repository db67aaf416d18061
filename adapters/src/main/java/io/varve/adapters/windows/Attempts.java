package io.varve.adapters.windows;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Repeats what fails only for the moment, such as opening a file that somebody else has locked. For any number of
 * threads.
 */
public final class Attempts {
    private static final int MOST = 5;

    private final long pauseMillis;

    /** @param pauseMillis between two attempts */
    public Attempts(long pauseMillis) {
        this.pauseMillis = pauseMillis;
    }

    /** One attempt. */
    @FunctionalInterface
    public interface Attempt<T> {
        T run() throws IOException;
    }

    /**
     * Runs it until it succeeds, up to {@value #MOST} times.
     *
     * @throws Win32Exception that of the last attempt, or of the first one whose failure does not pass
     * @throws IOException any other failure of an attempt
     */
    public <T> T run(Attempt<T> attempt) throws IOException {
        for (int number = 1; ; number++) {
            try {
                return attempt.run();
            } catch (Win32Exception e) {
                if (!e.mayPass() || number == MOST) {
                    throw e;
                }
            }
            pause();
        }
    }

    private void pause() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(pauseMillis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
