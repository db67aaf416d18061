package io.varve.store.fault;

import java.io.IOException;

/** There is no repository at the given place, or something else is in the way of a new one. */
public final class NotARepositoryException extends IOException {
    private static final long serialVersionUID = 1L;

    public NotARepositoryException(String message) {
        super(message);
    }
}
