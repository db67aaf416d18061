package io.varve.adapters.login;

import java.io.IOException;

/** The domain's KDC does not answer, which may pass; it says nothing about the account. */
public final class KdcAwayException extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param message with advice */
    public KdcAwayException(String message, Throwable cause) {
        super(message, cause);
    }
}
