package io.varve.store.fault;

import java.io.IOException;

/** There is no repository at the given location, or something else is there, so that none can be created. */
public final class NotARepositoryException extends IOException {
    private static final long serialVersionUID = 1L;

    public NotARepositoryException(String message) {
        super(message);
    }
}
