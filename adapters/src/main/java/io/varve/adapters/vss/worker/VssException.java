package io.varve.adapters.vss.worker;

import java.io.IOException;

/** A step of taking a shadow copy failed. */
final class VssException extends IOException {
    private static final long serialVersionUID = 1L;

    private final VssError.Outcome outcome;

    /**
     * @param step the call that failed
     * @param code HRESULT
     */
    VssException(String step, int code) {
        super(step + ": " + VssError.text(code));
        this.outcome = VssError.outcomeOf(code);
    }

    /** One that says more than a code does. */
    VssException(String message, VssError.Outcome outcome) {
        super(message);
        this.outcome = outcome;
    }

    VssError.Outcome outcome() {
        return outcome;
    }
}
