package io.varve.store;

import java.io.IOException;

/**
 * The operating system could not read bytes of a file that is there. Where that is damage to what is stored, and where
 * it only ends a command, the caller knows ({@link CorruptDataException#ofRead}).
 */
public final class ReadFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    /** @param failure of the read, which names no file */
    public ReadFailedException(String file, long offset, IOException failure) {
        super(file + " at offset " + offset + ": cannot read: " + Reason.of(failure), failure);
        this.reason = Reason.of(failure);
    }

    /** Why, without the place. */
    public String reason() {
        return reason;
    }
}
