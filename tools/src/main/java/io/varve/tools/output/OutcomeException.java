package io.varve.tools.output;

import java.io.IOException;

/** The worst result of several actions, each of which was already reported. */
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
