package io.varve.tools.output;

import java.io.IOException;

/** The arguments contradict each other, or do not fit the repository or files. Nothing was done. */
public final class UsageException extends IOException {
    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        super(message);
    }
}
