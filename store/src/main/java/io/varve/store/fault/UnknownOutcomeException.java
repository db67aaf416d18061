package io.varve.store.fault;

import java.io.IOException;

/**
 * It is unknown whether a requested change took effect: the storage failed while the change was being made durable. The
 * message says how to find out.
 */
public final class UnknownOutcomeException extends IOException {
    private static final long serialVersionUID = 1L;

    public UnknownOutcomeException(String message, Throwable cause) {
        super(message, cause);
    }
}
