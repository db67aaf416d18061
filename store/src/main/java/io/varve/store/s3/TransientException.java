package io.varve.store.s3;

import java.io.IOException;

/** A request failed in a way that may pass. */
final class TransientException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean mayHaveTakenEffect;
    private final long retryAfterMillis;

    /**
     * @param mayHaveTakenEffect whether the service may have done what it was asked for
     * @param retryAfterMillis how long the service asks to wait; 0 if it says nothing
     */
    TransientException(String message, boolean mayHaveTakenEffect, long retryAfterMillis, IOException cause) {
        super(message, cause);
        this.mayHaveTakenEffect = mayHaveTakenEffect;
        this.retryAfterMillis = retryAfterMillis;
    }

    boolean mayHaveTakenEffect() {
        return mayHaveTakenEffect;
    }

    long retryAfterMillis() {
        return retryAfterMillis;
    }
}
