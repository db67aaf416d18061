package io.varve.store.fault;

import java.io.IOException;

/**
 * Bytes could not be read, which says nothing about the bytes themselves: a time-out, a lost mount or connection, a
 * refusal, too many open files. Only the place that the bytes come from decides this. The exception ends the command;
 * it is never a finding, damage, or a reason to write zeros.
 */
public class UnavailableException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * @param what what could not be read, and where
     * @param why the reason, and what to do about it if that is known
     */
    public UnavailableException(String what, String why, IOException cause) {
        super(what + ": " + why, cause);
    }
}
