package io.varve.tools.output;

import io.varve.store.check.FsckReport;
import io.varve.store.fault.Count;
import java.io.IOException;

/** A check found errors, which have been printed. */
public final class RepositoryDamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    public RepositoryDamagedException(String message) {
        super(message);
    }

    /**
     * If no block of a disk is lost, the advice depends on the findings.
     *
     * @param report with errors
     */
    public RepositoryDamagedException(FsckReport report) {
        super(Count.of(report.errorCount(), "error")
                + (AffectedText.anyLost(report.affected())
                        ? " found; restore affected disks with --allow-damaged, or from another repository"
                        : " found; no block of a disk is known to be lost. docs/operations.md says what to do about"
                                + " each code; change nothing in the repository before"));
    }
}
