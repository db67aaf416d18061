package io.varve.adapters.smb.link;

import java.io.IOException;

/** The server refused something with an NT status. */
public final class StatusException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /** @param what could not be done, where */
    public StatusException(String what, int status) {
        super(what + ": " + NtStatus.describe(status));
        this.status = status;
    }

    public StatusException(String what, int status, Throwable cause) {
        super(what + ": " + NtStatus.describe(status), cause);
        this.status = status;
    }

    public int status() {
        return status;
    }

    /** Whether it is {@code known}. */
    public boolean is(NtStatus known) {
        return status == known.code();
    }
}
