package io.varve.adapters.windows;

import java.io.IOException;

/** Windows did not answer in time. The call may still be under way, so what it works on is not to be used any more. */
public final class NoAnswerException extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param what the step that was not done, to follow "cannot" */
    NoAnswerException(String subject, String what, long seconds) {
        super(subject + ": cannot " + what + ": Windows has not answered for " + seconds
                + " s. The storage or the service vmms may hang; the System event log of the host says more");
    }
}
