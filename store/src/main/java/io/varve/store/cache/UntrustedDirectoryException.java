package io.varve.store.cache;

import io.varve.store.fault.RefusedException;

/** Another user can write to the directory from which native libraries are loaded. None was loaded. */
public final class UntrustedDirectoryException extends RefusedException {
    private static final long serialVersionUID = 1L;

    UntrustedDirectoryException(String message) {
        super(message);
    }
}
