package io.varve.tools;

import java.io.IOException;

/** The arguments make no sense together, or not with what is there. Nothing was done. */
final class UsageException extends IOException {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
