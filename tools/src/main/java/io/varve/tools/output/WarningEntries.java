package io.varve.tools.output;

import io.varve.store.job.Warning;
import io.varve.tools.document.WarningEntry;
import java.util.List;
import java.util.Optional;

/** Warnings as documents show them. */
public final class WarningEntries {
    private WarningEntries() {}

    public static List<WarningEntry> of(List<Warning> warnings) {
        return warnings.stream()
                .map(warning -> new WarningEntry(
                        Optional.of(warning.code()).filter(code -> !code.isEmpty()),
                        warning.severity().word(),
                        warning.text(),
                        Optional.of(warning.advice()).filter(advice -> !advice.isEmpty())))
                .toList();
    }
}
