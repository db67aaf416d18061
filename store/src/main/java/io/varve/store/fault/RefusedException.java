package io.varve.store.fault;

import java.io.IOException;

/** What was asked for would put data at risk, so nothing was changed. The message names what allows it. */
public class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    public RefusedException(String message) {
        super(message);
    }
}
