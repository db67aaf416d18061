package io.varve.tools.output;

import io.varve.store.fault.Count;
import java.io.IOException;

/** A check found errors; they have been printed. */
public final class RepositoryDamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    public RepositoryDamagedException(String message) {
        super(message);
    }

    public RepositoryDamagedException(long errors) {
        super(Count.of(errors, "error")
                + " found; restore affected disks with --allow-damaged, or from another repository");
    }
}
