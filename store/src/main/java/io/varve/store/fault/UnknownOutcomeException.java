package io.varve.store.fault;

import java.io.IOException;

/**
 * A change was asked for, and it cannot be told whether it took effect: the name was there or on its way, and then the
 * place it is kept in failed. The message says how to find out.
 */
public final class UnknownOutcomeException extends IOException {
    private static final long serialVersionUID = 1L;

    public UnknownOutcomeException(String message, Throwable cause) {
        super(message, cause);
    }
}
