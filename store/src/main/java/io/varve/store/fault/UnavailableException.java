package io.varve.store.fault;

import java.io.IOException;

/**
 * Bytes could not be had, and that says nothing about the bytes: a time-out, a lost mount or connection, a refusal, a
 * process with too many open files. Where they come from decides that, and nobody else; it ends what was being done,
 * and is never a finding, damage, or a reason to write zeros.
 */
public final class UnavailableException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * @param what could not be read, with its place
     * @param why in words, with what to do about it if that is known
     */
    public UnavailableException(String what, String why, IOException cause) {
        super(what + ": " + why, cause);
    }
}
