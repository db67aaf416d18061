package io.varve.store.gc;

import java.io.IOException;

/** Receives the progress of a collection, on its thread. */
public interface CollectionListener {
    /** @param steps their total number, for {@link #advanced} */
    void phase(String name, long steps);

    void advanced(long steps);

    /** A pack that an earlier run had condemned is deleted. */
    default void deleted() {}

    /** Throws to end the collection. Called between packs and snapshots, never once a list is in force. */
    default void check() throws IOException {}

    /** Receives a message about something unusual that is not a fault. */
    void notice(String message);

    /** Receives a message about a fault; the collection continues and errs towards keeping. */
    void warning(String code, String message);
}
