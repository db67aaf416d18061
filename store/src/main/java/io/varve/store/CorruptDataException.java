package io.varve.store;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;

/**
 * Bytes that cannot be what they claim to be: a repository file, a disk image, a change list. Every decoder is total:
 * any input gives a value or this exception, in bounded memory.
 *
 * <p>It is the one class of {@code store} that adapters use too, so that a reader of any format reports damage in one
 * shape.
 */
public class CorruptDataException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final long offset;
    private final String expected;
    private final String found;

    /**
     * @param file the damaged file or object, as the operator knows it
     * @param offset where in the file the offending bytes start, in bytes; -1 when the whole file is meant
     * @param expected what a sound file has there
     * @param found what is there
     */
    public CorruptDataException(String file, long offset, String expected, String found) {
        super(message(file, offset, expected, found));
        this.file = file;
        this.offset = offset;
        this.expected = expected;
        this.found = found;
    }

    /**
     * What a failed read says about what is stored: that these bytes are damaged, unless the failure says nothing about
     * them.
     *
     * @throws IOException {@code failure} itself, when the file is gone, nobody could open it, or the reading thread
     *     was interrupted
     */
    public static CorruptDataException ofRead(String file, long offset, long length, IOException failure)
            throws IOException {
        if (failure instanceof FileSystemException || failure instanceof ClosedChannelException) {
            throw failure;
        }
        if (failure instanceof CorruptDataException corrupt) {
            return corrupt;
        }
        String reason = failure instanceof ReadFailedException read ? read.reason() : failure.getMessage();
        return failure instanceof EOFException
                ? new CorruptDataException(file, offset, length + " bytes", "the end of the file")
                : new CorruptDataException(file, offset, length + " readable bytes", "" + reason);
    }

    private static String message(String file, long offset, String expected, String found) {
        String where = offset < 0 ? file : file + " at offset " + offset;
        return where + ": expected " + expected + ", found " + found;
    }

    public String file() {
        return file;
    }

    /** Byte offset in {@link #file()}, or -1 when the whole file is meant. */
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
