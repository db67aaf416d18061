package io.varve.store.check;

import io.varve.store.fault.CorruptDataException;

/**
 * Something a check found.
 *
 * @param code short and stable, for scripts
 * @param file object of the repository it concerns
 * @param offset in bytes, or -1 when the whole file is meant
 * @param length bytes from there that are damaged, to the end of the frame; 0 when that is not known
 */
public record Finding(Severity severity, String code, String file, long offset, long length, String message) {
    /** Of something that has no length. */
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

    /** @param end where in the file what is damaged ends */
    static Finding error(String code, CorruptDataException e, long end) {
        return new Finding(
                Severity.ERROR, code, e.file(), e.offset(), e.offset() < 0 ? 0 : end - e.offset(), e.getMessage());
    }

    static Finding warning(String code, CorruptDataException e) {
        return new Finding(Severity.WARNING, code, e.file(), e.offset(), e.getMessage());
    }
}
