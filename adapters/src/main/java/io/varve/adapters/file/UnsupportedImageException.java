package io.varve.adapters.file;

import java.io.IOException;

/**
 * A disk image that may be intact but is not supported: another format, or an unsupported feature of a known one. It is
 * refused rather than misread. The message names the file, the feature, and what the operator can do.
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
     * @param file location of the file for messages
     * @param offset offset in bytes at which the feature shows; -1 for the whole file
     * @param reason what it is and what to do
     */
    public UnsupportedImageException(String file, long offset, String reason) {
        super((offset < 0 ? file : file + " at offset " + offset) + ": " + reason);
        this.offset = offset;
        this.reason = reason;
    }

    /** Byte offset in the file, or -1 for the whole file. */
    public long offset() {
        return offset;
    }

    /** The message without file and offset. */
    public String reason() {
        return reason;
    }
}
