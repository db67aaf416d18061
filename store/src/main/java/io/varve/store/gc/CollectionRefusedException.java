package io.varve.store.gc;

import io.varve.store.fault.RefusedException;

/** Collection would not be safe, or would delete more than was allowed. Nothing was deleted. */
public final class CollectionRefusedException extends RefusedException {
    private static final long serialVersionUID = 1L;

    CollectionRefusedException(String message) {
        super(message);
    }
}
