package io.varve.tools;

import java.io.IOException;

/** A check found errors; they have been printed. */
final class RepositoryDamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    RepositoryDamagedException(String message) {
        super(message);
    }

    RepositoryDamagedException(long errors) {
        super(errors + " errors found; restore what is affected with --allow-damaged, or from another copy");
    }
}
