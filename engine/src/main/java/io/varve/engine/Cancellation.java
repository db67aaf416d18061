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
        if (requested) {
            throw new InterruptedIOException("stopped on request; nothing was committed");
        }
    }
}
