package io.varve.store.crypt;

import java.io.IOException;

/** No key, the wrong one, or one that cannot be what the repository wants. Nothing is damaged. */
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
