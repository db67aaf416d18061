package io.varve.engine.port;

import java.io.IOException;

/** The source of a backup failed: it could not be opened, read or understood. Nothing was committed. */
public final class SourceException extends IOException {
    private static final long serialVersionUID = 1L;

    public SourceException(String message) {
        super(message);
    }

    public SourceException(String message, Throwable cause) {
        super(message, cause);
    }
}
