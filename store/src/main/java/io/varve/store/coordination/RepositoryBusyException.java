package io.varve.store.coordination;

import java.io.IOException;

/** Another process is working in the repository. Nothing is wrong; try again later. */
public final class RepositoryBusyException extends IOException {
    private static final long serialVersionUID = 1L;

    public RepositoryBusyException(String repository, String holder) {
        super("repository " + repository + " is in use by another writer (" + holder
                + "); try again later, or wait longer with --wait");
    }
}
