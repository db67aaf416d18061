package io.varve.engine;

import java.io.InterruptedIOException;
import java.util.function.Supplier;

/** A request to stop. Work checks it between runs. Thread-safe. */
public final class Cancellation {
    private final Supplier<String> soFar;
    private volatile boolean requested;

    /** For work that has nothing to report when it is stopped. */
    public Cancellation() {
        this(() -> "");
    }

    /**
     * @param soFar describes for the operator what was done so far and what was not; called by the thread that stops
     */
    public Cancellation(Supplier<String> soFar) {
        this.soFar = soFar;
    }

    public void request() {
        requested = true;
    }

    public boolean isRequested() {
        return requested;
    }

    /** @throws InterruptedIOException if a stop was requested; its message says what was done so far */
    public void check() throws InterruptedIOException {
        if (requested) {
            String done = soFar.get();
            throw new InterruptedIOException("stopped on request" + (done.isEmpty() ? "" : "; " + done));
        }
    }
}
