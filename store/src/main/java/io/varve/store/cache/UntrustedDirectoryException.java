package io.varve.store.cache;

import io.varve.store.fault.RefusedException;

/** Somebody else can write where the libraries are kept that this process would load. None was loaded. */
public final class UntrustedDirectoryException extends RefusedException {
    private static final long serialVersionUID = 1L;

    UntrustedDirectoryException(String message) {
        super(message);
    }
}
