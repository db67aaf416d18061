package io.varve.store.check;

import io.varve.store.CorruptDataException;

/**
 * Something a check found.
 *
 * @param code short and stable, for scripts
 * @param file object of the repository it concerns
 * @param offset in bytes, or -1 when the whole file is meant
 */
public record Finding(Severity severity, String code, String file, long offset, String message) {
    /** How bad a finding is. */
    public enum Severity {
        /** Nothing wrong. */
        INFO,
        /** No data is lost, but something should be done. */
        WARNING,
        /** Data is lost or unprotected. */
        ERROR
    }

    static Finding error(String code, CorruptDataException e) {
        return new Finding(Severity.ERROR, code, e.file(), e.offset(), e.getMessage());
    }

    static Finding warning(String code, CorruptDataException e) {
        return new Finding(Severity.WARNING, code, e.file(), e.offset(), e.getMessage());
    }
}
