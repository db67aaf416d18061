package io.varve.store.backend;

import io.varve.store.fault.RefusedException;

/** The repository's owner could not read what this process would write. Nothing was changed. */
public final class ForeignRepositoryException extends RefusedException {
    private static final long serialVersionUID = 1L;

    ForeignRepositoryException(String message) {
        super(message);
    }
}
