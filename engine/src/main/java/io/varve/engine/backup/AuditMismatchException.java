package io.varve.engine.backup;

import java.io.IOException;

/** A block that the change list calls unchanged has changed. The list cannot be trusted. */
final class AuditMismatchException extends IOException {
    private static final long serialVersionUID = 1L;

    AuditMismatchException(long offset, int length) {
        super("the change list omits " + length + " bytes at " + offset + " that have changed, as the audit found");
    }
}
