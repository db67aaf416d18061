package io.varve.store.gc;

import java.io.IOException;

/** Collection would not be safe, or would delete more than was allowed. Nothing was deleted. */
public final class CollectionRefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    CollectionRefusedException(String message) {
        super(message);
    }
}
