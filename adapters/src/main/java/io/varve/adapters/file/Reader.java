package io.varve.adapters.file;

/** How the bytes of a source file get into memory. */
public enum Reader {
    /**
     * {@link #UNCACHED} for what is not in the page cache, else {@link #DIRECT}; {@link #DIRECT} alone where it cannot
     * be told (anywhere but on Linux since 6.5, in files of its own file systems). A mapping gains nothing where data
     * is read once, and pays a page fault per page.
     */
    AUTO,
    /** Memory-mapped windows of the file. Only for files that nobody truncates meanwhile. */
    MAPPED,
    /** Positional reads of a file channel into the caller's buffer. */
    DIRECT,
    /**
     * As {@link #DIRECT}, but bypassing the page cache, for sources of which little is cached. Not all file systems
     * support it.
     */
    UNCACHED
}
