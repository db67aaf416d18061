package io.varve.store.check;

import io.varve.store.fault.CorruptDataException;

/**
 * A finding of a check.
 *
 * @param code short and stable, for scripts
 * @param file object of the repository it concerns
 * @param offset in bytes, or -1 for the whole file
 * @param length damaged bytes from there to the end of the frame; 0 when unknown
 */
public record Finding(Severity severity, String code, String file, long offset, long length, String message) {
    /** A finding without a length. */
    public Finding(Severity severity, String code, String file, long offset, String message) {
        this(severity, code, file, offset, 0, message);
    }

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

    /** @param end offset in the file at which the damage ends */
    static Finding error(String code, CorruptDataException e, long end) {
        return new Finding(
                Severity.ERROR, code, e.file(), e.offset(), e.offset() < 0 ? 0 : end - e.offset(), e.getMessage());
    }

    static Finding warning(String code, CorruptDataException e) {
        return new Finding(Severity.WARNING, code, e.file(), e.offset(), e.getMessage());
    }
}
