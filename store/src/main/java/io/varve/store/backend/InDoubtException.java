package io.varve.store.backend;

import java.io.IOException;

/**
 * An object was published, or deleted, as far as anybody can see now, but it cannot be told whether that lasts: the
 * place failed after the name was made or taken away, or while it was.
 */
public final class InDoubtException extends IOException {
    private static final long serialVersionUID = 1L;

    public InDoubtException(String message, IOException cause) {
        super(message, cause);
    }
}
