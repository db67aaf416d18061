package io.varve.store.check;

/** Told how a check goes. Called from any worker. */
public interface FsckListener {
    /**
     * A phase begins.
     *
     * @param total units of it, or 0 when unknown
     */
    void phase(String name, long total);

    void advanced(long units);

    void found(Finding finding);
}
