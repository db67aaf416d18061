package io.varve.tools.nightly;

import io.varve.store.job.NightRecord;
import io.varve.tools.document.CommonFields;
import io.varve.tools.document.DocumentWriter;
import io.varve.tools.document.FigureEntry;
import io.varve.tools.document.NightMachineEntry;
import io.varve.tools.document.NightStepEntry;
import io.varve.tools.document.NightlyDocument;
import io.varve.tools.output.ExitCode;
import io.varve.tools.output.WarningEntries;
import java.util.Optional;
import java.util.TreeMap;

/** A night as a JSON document, as {@code varve nightly --json} prints it and a webhook receives it. Pure functions. */
final class NightDocuments {
    private NightDocuments() {}

    static NightlyDocument of(NightOutcome outcome) {
        return new NightlyDocument(
                outcome.job(),
                outcome.code().code(),
                outcome.startedAt(),
                outcome.endedAt(),
                outcome.summary(),
                outcome.machines().stream().map(NightDocuments::machine).toList(),
                outcome.steps().stream().map(NightDocuments::step).toList());
    }

    /** Returns the document for a notification, as the command prints it. */
    static String text(NightOutcome outcome) {
        return DocumentWriter.text(
                Optional.of(of(outcome)),
                new CommonFields(
                        outcome.code().word(),
                        outcome.error(),
                        Optional.of(WarningEntries.of(outcome.warnings())).filter(warnings -> !warnings.isEmpty()),
                        Optional.empty()));
    }

    private static NightMachineEntry machine(MachineResult result) {
        return new NightMachineEntry(
                result.machine(),
                result.code().map(ExitCode::word).orElse("not-started"),
                result.snapshot().map(snapshot -> snapshot.id().text()),
                result.error(),
                WarningEntries.of(result.warnings()),
                result.millis() / 1e3);
    }

    private static NightStepEntry step(NightRecord.Step step) {
        return new NightStepEntry(
                step.name(),
                step.result(),
                step.machine(),
                step.disk(),
                step.text(),
                step.millis() / 1e3,
                new TreeMap<>(step.numbers())
                        .entrySet().stream()
                                .map(number -> new FigureEntry(number.getKey(), number.getValue()))
                                .toList());
    }
}
