package io.varve.tools.output;

import io.varve.store.fault.Count;
import java.io.IOException;

/** A check found errors; they have been printed. */
public final class RepositoryDamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    public RepositoryDamagedException(String message) {
        super(message);
    }

    /** @param disksLost whether blocks of a disk are lost; else what to do depends on the finding */
    public RepositoryDamagedException(long errors, boolean disksLost) {
        super(Count.of(errors, "error")
                + (disksLost
                        ? " found; restore affected disks with --allow-damaged, or from another repository"
                        : " found; no block of a disk is known to be lost. docs/operations.md says what to do about"
                                + " each code; change nothing in the repository before"));
    }
}
