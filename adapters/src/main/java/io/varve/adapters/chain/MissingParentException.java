package io.varve.adapters.chain;

import java.io.IOException;

/**
 * The parent of a differencing disk was not found. The message names the child, the identity that the parent must have,
 * and every place that was tried and why it was rejected.
 */
public final class MissingParentException extends IOException {
    private static final long serialVersionUID = 1L;

    public MissingParentException(String message) {
        super(message);
    }
}
