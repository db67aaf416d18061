package io.varve.adapters.file;

import java.io.IOException;

/**
 * A disk image that is, or may be, in order but that this program does not read: another format, or a feature of a
 * known one. It is refused rather than misread. The message names the file, the feature, and what the operator can do.
 */
public final class UnsupportedImageException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long offset;
    private final String reason;

    public UnsupportedImageException(String message) {
        super(message);
        this.offset = -1;
        this.reason = message;
    }

    /**
     * @param file as the operator knows it
     * @param offset where in the file the feature shows, in bytes; -1 when the whole file is meant
     * @param reason what it is and what to do
     */
    public UnsupportedImageException(String file, long offset, String reason) {
        super((offset < 0 ? file : file + " at offset " + offset) + ": " + reason);
        this.offset = offset;
        this.reason = reason;
    }

    /** Byte offset in the file, or -1 when the whole file is meant. */
    public long offset() {
        return offset;
    }

    /** The message without the place. */
    public String reason() {
        return reason;
    }
}
