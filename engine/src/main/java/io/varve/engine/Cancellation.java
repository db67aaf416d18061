package io.varve.engine;

import java.io.InterruptedIOException;
import java.util.function.Supplier;

/** A request to stop, looked at between runs. Thread-safe. */
public final class Cancellation {
    private final Supplier<String> soFar;
    private volatile boolean requested;

    /** For work of which nothing has to be said when it is stopped. */
    public Cancellation() {
        this(() -> "");
    }

    /**
     * @param soFar what the work has done and left undone at this moment, for the operator. Asked by whichever thread
     *     obeys the request
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

    /** @throws InterruptedIOException when a stop was requested; its message says what was done so far */
    public void check() throws InterruptedIOException {
        if (requested) {
            String done = soFar.get();
            throw new InterruptedIOException("stopped on request" + (done.isEmpty() ? "" : "; " + done));
        }
    }
}
