package io.varve.adapters.vss.worker;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** What a step that takes long asks now and then. */
@FunctionalInterface
interface Waiting {
    /**
     * Called at least every second.
     *
     * @param step what is being waited for
     * @throws IOException when it should not be waited for any longer: time is up, or nobody wants it any more
     */
    void check(String step) throws IOException;

    /** Waits for a second, as {@link #check}. */
    default void second(String step) throws IOException {
        check(step);
        try {
            TimeUnit.SECONDS.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
