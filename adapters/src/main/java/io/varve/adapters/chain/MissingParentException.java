package io.varve.adapters.chain;

import java.io.IOException;

/**
 * A differencing disk without its parent, whose data it is only a part of. The message names the child, the identity
 * that the parent must have, and every place that was tried with what was wrong there.
 */
public final class MissingParentException extends IOException {
    private static final long serialVersionUID = 1L;

    public MissingParentException(String message) {
        super(message);
    }
}
