package io.varve.engine;

import java.io.InterruptedIOException;

/** A request to stop, looked at between runs. Thread-safe. */
public final class Cancellation {
    private volatile boolean requested;

    public void request() {
        requested = true;
    }

    public boolean isRequested() {
        return requested;
    }

    /** @throws InterruptedIOException when a stop was requested */
    public void check() throws InterruptedIOException {
        check("nothing was committed");
    }

    /**
     * As {@link #check()}.
     *
     * @param done what has become of the work, for the operator
     */
    public void check(String done) throws InterruptedIOException {
        if (requested) {
            throw new InterruptedIOException("stopped on request; " + done);
        }
    }
}
