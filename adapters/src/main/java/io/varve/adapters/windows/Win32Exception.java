package io.varve.adapters.windows;

import java.io.IOException;

/** A call of Windows failed. */
public final class Win32Exception extends IOException {
    private static final long serialVersionUID = 1L;

    private final int code;

    /**
     * @param subject the file or volume, as an operator calls it
     * @param what the step that failed, to follow "cannot"
     * @param code Windows' error number
     */
    public Win32Exception(String subject, String what, int code) {
        super(subject + ": cannot " + what + ": " + Win32Error.text(code));
        this.code = code;
    }

    private Win32Exception(Win32Exception failure, String more) {
        super(failure.getMessage() + more, failure);
        this.code = failure.code;
    }

    /** The same failure with more of what an operator should know, to follow its message. */
    public Win32Exception with(String more) {
        return new Win32Exception(this, more);
    }

    /** Whether it says that there is no change list, and nothing against the disk. */
    public boolean demotes() {
        return is(Win32Error.Outcome.DEMOTE);
    }

    /** Whether the same call may succeed a little later. */
    public boolean mayPass() {
        return is(Win32Error.Outcome.RETRY);
    }

    private boolean is(Win32Error.Outcome outcome) {
        return Win32Error.of(code).filter(error -> error.outcome() == outcome).isPresent();
    }

    /** Windows' error number. */
    public int code() {
        return code;
    }
}
