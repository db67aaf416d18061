package io.varve.adapters.hyperv.cim;

import java.io.IOException;

/** The host answered with an error, or with something that cannot be true. */
public final class CimException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What kind of error it is. */
    public enum Kind {
        /** The object, class or namespace does not exist. */
        NOT_FOUND,
        /** The account may not do this. */
        DENIED,
        /** The host did not finish in the time it was given; the work may go on. */
        TIMED_OUT,
        /** The host is too busy, or is just starting or stopping. */
        UNAVAILABLE,
        /** The answer is larger than the host sends, or this computer takes. */
        TOO_LARGE,
        /** Any other error of the host. */
        FAULT,
        /** The answer cannot be understood. */
        ANSWER
    }

    private final Kind kind;
    private final long code;

    /**
     * An error of the host.
     *
     * @param code HRESULT or WMI status, 0 where there is none
     * @param message complete, with the host's name
     */
    public CimException(Kind kind, long code, String message) {
        super(message);
        this.kind = kind;
        this.code = code;
    }

    /** An answer that cannot be understood. */
    public static CimException answer(String message) {
        return new CimException(Kind.ANSWER, 0, message);
    }

    public Kind kind() {
        return kind;
    }

    /** HRESULT or WMI status as an unsigned number, 0 where there is none. */
    public long code() {
        return code;
    }
}
