package io.varve.store.fault;

import java.io.IOException;

/** The requested operation would put data at risk, so nothing was changed. The message says what would allow it. */
public class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    public RefusedException(String message) {
        super(message);
    }
}
