package io.varve.tools.output;

import java.io.IOException;

/** The arguments make no sense together, or not with what is there. Nothing was done. */
public final class UsageException extends IOException {
    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        super(message);
    }
}
