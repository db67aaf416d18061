package io.varve.store.crypt;

import java.io.IOException;

/** The key is missing, wrong, or cannot belong to this repository. Nothing is damaged. */
public final class LockedRepositoryException extends IOException {
    private static final long serialVersionUID = 1L;

    public LockedRepositoryException(String message) {
        super(message);
    }

    static LockedRepositoryException noKey(String what) {
        return new LockedRepositoryException("the repository is encrypted, and " + what
                + " needs its key: give --key-file or --password-file, or set VARVE_PASSWORD_FILE or"
                + " VARVE_PASSWORD_COMMAND");
    }
}
