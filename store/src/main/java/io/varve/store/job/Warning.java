package io.varve.store.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.json.JsonFields;
import java.util.Locale;

/**
 * Something unusual that did not stop a job.
 *
 * @param code what it is: short, stable, for scripts; empty in records of older builds
 * @param text what happened, for the operator
 * @param advice what to do; empty where the text says all there is, and in records of older builds
 */
public record Warning(String code, Severity severity, String text, String advice) {
    /** How bad it is. */
    public enum Severity {
        /** The result is complete; something should be looked at. */
        WARNING,
        /** Something is missing from the result, or may be wrong. */
        ERROR;

        /** For scripts; the same words as in reports and of {@code doctor}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** One that a newer build wrote counts as the milder one. */
        private static Severity of(String word) {
            return word.equals(ERROR.word()) ? ERROR : WARNING;
        }
    }

    /** As it is kept in a record. */
    Warning shortened() {
        return new Warning(code, severity, JobEnd.shortened(text), advice);
    }

    void encode(ObjectNode json) {
        json.put("text", text);
        if (!code.isEmpty()) {
            json.put("code", code).put("severity", severity.word());
        }
        if (!advice.isEmpty()) {
            json.put("advice", advice);
        }
    }

    /** Records of older builds have the text alone. */
    static Warning decode(JsonFields json) throws CorruptDataException {
        return new Warning(
                json.optionalText("code").orElse(""),
                Severity.of(json.optionalText("severity").orElse("")),
                json.text("text"),
                json.optionalText("advice").orElse(""));
    }
}
