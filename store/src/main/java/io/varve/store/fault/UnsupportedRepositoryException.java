package io.varve.store.fault;

import java.io.IOException;

/** A sound repository that this version cannot read: a newer format, an unknown feature. Use a newer Varve. */
public final class UnsupportedRepositoryException extends IOException {
    private static final long serialVersionUID = 1L;

    public UnsupportedRepositoryException(String file, String found) {
        super(file + ": " + found + "; use a newer version of Varve");
    }
}
