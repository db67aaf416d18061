package io.varve.adapters.hyperv;

import java.io.IOException;

/** Hyper-V refused or failed what was asked of it. */
public final class HyperVException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long code;

    /**
     * @param code the method's return value, or the HRESULT of its job
     * @param message complete, with host, method and what to do
     */
    HyperVException(long code, String message) {
        super(message);
        this.code = code;
    }

    /** The method's return value, or the HRESULT of its job as an unsigned number. */
    public long code() {
        return code;
    }
}
