package io.varve.tools.output;

import java.io.IOException;

/** Several things were done, and this is the worst that came of them; each was told already. */
public final class OutcomeException extends IOException {
    private static final long serialVersionUID = 1L;

    private final ExitCode code;

    public OutcomeException(ExitCode code, String message) {
        super(message);
        this.code = code;
    }

    ExitCode code() {
        return code;
    }
}
