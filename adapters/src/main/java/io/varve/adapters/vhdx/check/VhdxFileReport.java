package io.varve.adapters.vhdx.check;

import io.varve.adapters.vhdx.format.VhdxFinding;
import io.varve.adapters.vhdx.format.VhdxFinding.Severity;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * The findings of {@link VhdxCheck} in one file of a chain. Immutable.
 *
 * @param file location of the file, for messages
 * @param findings findings in the order of discovery
 * @param leftOut by code, the number of findings that are not in {@code findings}
 */
public record VhdxFileReport(String file, List<VhdxFinding> findings, Map<String, Long> leftOut) {
    public VhdxFileReport {
        findings = List.copyOf(findings);
        leftOut = Collections.unmodifiableMap(leftOut);
    }

    /** Returns the severity of the worst finding; {@link Severity#INFO} if there is none. */
    public Severity worst() {
        return findings.stream()
                .map(VhdxFinding::severity)
                .max(Severity::compareTo)
                .orElse(Severity.INFO);
    }
}
