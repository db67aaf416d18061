package io.varve.store.check;

import java.io.IOException;

/** Receives the progress of a check. Called from any worker. */
public interface FsckListener {
    /** Called regularly; throws {@link java.io.InterruptedIOException} to stop the check. */
    default void check() throws IOException {}

    /**
     * A phase begins.
     *
     * @param total units of it, or 0 when unknown
     */
    void phase(String name, long total);

    /** As {@link #phase}, where the units are bytes. */
    default void reading(String name, long totalBytes) {
        phase(name, totalBytes);
    }

    void advanced(long units);

    void found(Finding finding);
}
