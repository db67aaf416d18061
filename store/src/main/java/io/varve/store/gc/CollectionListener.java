package io.varve.store.gc;

import java.io.IOException;

/** Told how a collection goes, from the thread that runs it. */
public interface CollectionListener {
    /** @param steps what it comes to, for {@link #advanced} */
    void phase(String name, long steps);

    void advanced(long steps);

    /** A pack that an earlier run had condemned is deleted. */
    default void deleted() {}

    /** To be thrown when the collection shall end: asked between packs and snapshots, never once a list is in force. */
    default void check() throws IOException {}

    /** Tells in words of what took an unusual way, and is no fault. */
    void notice(String message);

    /** Something was not as it should be; the collection goes on, to the safe side. */
    void warning(String code, String message);
}
