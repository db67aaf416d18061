package io.varve.store.check;

import java.io.IOException;

/** Told how a check goes. Called from any worker. */
public interface FsckListener {
    /** Asked now and then; throws {@link java.io.InterruptedIOException} when the check is to stop. */
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
