package io.varve.tools.doctor;

import java.util.Locale;

/**
 * A finding.
 *
 * @param code short and stable: {@code clock}, {@code space} …
 * @param text what was found
 * @param advice what to do; empty if nothing
 */
record Finding(Severity severity, String code, String text, String advice) {
    /** How bad it is. */
    enum Severity {
        OK,
        WARNING,
        ERROR
    }

    static Finding ok(String code, String text) {
        return new Finding(Severity.OK, code, text, "");
    }

    static Finding warning(String code, String text, String advice) {
        return new Finding(Severity.WARNING, code, text, advice);
    }

    static Finding error(String code, String text, String advice) {
        return new Finding(Severity.ERROR, code, text, advice);
    }

    boolean isOk() {
        return severity == Severity.OK;
    }

    String word() {
        return severity.name().toLowerCase(Locale.ROOT);
    }
}
