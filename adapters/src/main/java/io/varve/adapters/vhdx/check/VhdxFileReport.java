package io.varve.adapters.vhdx.check;

import io.varve.adapters.vhdx.format.VhdxFinding;
import io.varve.adapters.vhdx.format.VhdxFinding.Severity;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * What {@link VhdxCheck} found in one file of a chain. Immutable.
 *
 * @param file as the operator knows it
 * @param findings in the order in which they were found
 * @param leftOut how many more there are of a kind, by code, than are in {@code findings}
 */
public record VhdxFileReport(String file, List<VhdxFinding> findings, Map<String, Long> leftOut) {
    public VhdxFileReport {
        findings = List.copyOf(findings);
        leftOut = Collections.unmodifiableMap(leftOut);
    }

    /** The severity of the worst finding; {@link Severity#INFO} when there is none at all. */
    public Severity worst() {
        return findings.stream()
                .map(VhdxFinding::severity)
                .max(Severity::compareTo)
                .orElse(Severity.INFO);
    }
}
