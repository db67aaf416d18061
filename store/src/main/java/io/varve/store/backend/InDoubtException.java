package io.varve.store.backend;

import java.io.IOException;

/**
 * It is unknown whether the publication or deletion of an object is durable: the storage failed during the change of
 * its name or after it, before the directory was synced.
 */
public final class InDoubtException extends IOException {
    private static final long serialVersionUID = 1L;

    public InDoubtException(String message, IOException cause) {
        super(message, cause);
    }
}
