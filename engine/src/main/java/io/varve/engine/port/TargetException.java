package io.varve.engine.port;

import java.io.IOException;

/** The target of a restore or the repository of a backup failed (full, not writable). */
public final class TargetException extends IOException {
    private static final long serialVersionUID = 1L;

    public TargetException(String message) {
        super(message);
    }

    public TargetException(String message, Throwable cause) {
        super(message, cause);
    }
}
