package io.varve.adapters.file;

/** Which path the bytes of a source file take into memory. */
public enum Reader {
    /**
     * The path this build holds for the better one, at present {@link #DIRECT}: a mapping gains nothing where data is
     * read once, and pays a page fault per page.
     */
    AUTO,
    /** Windows of the file mapped into memory. Only for files that nobody truncates meanwhile. */
    MAPPED,
    /** Positional reads of a file channel into the caller's buffer. */
    DIRECT,
    /** As {@link #DIRECT}, but past the page cache, for sources of which little is in it. Not every file system can. */
    UNCACHED
}
