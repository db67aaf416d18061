package io.varve.adapters.rsvd;

import java.io.IOException;

/** A server refused an operation on a shared disk. It says nothing about the disk's bytes. */
public final class RsvdException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /** @param what the disk, and what was asked for */
    RsvdException(String what, int status) {
        super(what + ": " + RsvdStatus.describe(status));
        this.status = status;
    }

    /** The NT status. */
    public int status() {
        return status;
    }
}
