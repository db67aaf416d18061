package io.varve.store.backend;

import io.varve.store.fault.RefusedException;

/** What this process writes into the repository, its owner could not read. Nothing was changed. */
public final class ForeignRepositoryException extends RefusedException {
    private static final long serialVersionUID = 1L;

    ForeignRepositoryException(String message) {
        super(message);
    }
}
