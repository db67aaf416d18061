package io.varve.store.gc;

/** Told how a collection goes, from the thread that runs it. */
public interface CollectionListener {
    /** @param steps what it comes to, for {@link #advanced} */
    void phase(String name, long steps);

    void advanced(long steps);

    /** Tells in words of what took an unusual way, and is no fault. */
    void notice(String message);

    /** Something was not as it should be; the collection goes on, to the safe side. */
    void warning(String code, String message);
}
