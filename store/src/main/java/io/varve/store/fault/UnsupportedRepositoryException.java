package io.varve.store.fault;

import java.io.IOException;

/**
 * An intact repository that this version cannot read, because of a newer format or an unknown feature. A newer Varve is
 * needed.
 */
public final class UnsupportedRepositoryException extends IOException {
    private static final long serialVersionUID = 1L;

    public UnsupportedRepositoryException(String file, String found) {
        super(file + ": " + found + "; use a newer version of Varve");
    }
}
