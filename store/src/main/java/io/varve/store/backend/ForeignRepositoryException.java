package io.varve.store.backend;

import java.io.IOException;

/** What this process writes into the repository, its owner could not read. Nothing was changed. */
public final class ForeignRepositoryException extends IOException {
    private static final long serialVersionUID = 1L;

    ForeignRepositoryException(String message) {
        super(message);
    }
}
