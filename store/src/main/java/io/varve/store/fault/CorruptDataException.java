package io.varve.store.fault;

import java.io.IOException;

/**
 * Bytes that cannot be what they claim to be: a repository file, a disk image, a change list. Every decoder is total:
 * any input gives a value or this exception, in bounded memory.
 *
 * <p>Adapters use it too, so that readers of all formats report damage in the same way.
 */
public class CorruptDataException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final long offset;
    private final String expected;
    private final String found;

    /**
     * @param file the damaged file or object, as the operator knows it
     * @param offset offset in bytes at which the bad bytes start; -1 for the whole file
     * @param expected what an intact file has there
     * @param found what is there
     */
    public CorruptDataException(String file, long offset, String expected, String found) {
        super(message(file, offset, expected, found));
        this.file = file;
        this.offset = offset;
        this.expected = expected;
        this.found = found;
    }

    private static String message(String file, long offset, String expected, String found) {
        String where = offset < 0 ? file : file + " at offset " + offset;
        return where + ": expected " + expected + ", found " + found;
    }

    public String file() {
        return file;
    }

    /** Byte offset in {@link #file()}, or -1 for the whole file. */
    public long offset() {
        return offset;
    }

    public String expected() {
        return expected;
    }

    public String found() {
        return found;
    }
}
