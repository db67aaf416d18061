package io.varve.tools.nightly;

import io.varve.store.job.NightRecord;
import io.varve.tools.output.ExitCode;
import java.util.List;
import java.util.Map;

/**
 * A night as JSON: what {@code varve nightly --json} prints and a webhook gets.
 *
 * @param result word of the exit code
 * @param summary one line
 */
record NightDocument(
        String job,
        String result,
        int exitCode,
        String startedAt,
        String endedAt,
        String summary,
        List<Machine> machines,
        List<Step> steps,
        List<String> warnings) {
    /**
     * @param result word of the exit code, or {@code not-started}
     * @param snapshot that was committed, or null
     * @param error why it failed, or null
     */
    record Machine(
            String machine, String result, String snapshot, String error, List<String> warnings, double seconds) {}

    /** @param machine or null, as is {@code disk} */
    record Step(
            String name,
            String result,
            String machine,
            String disk,
            String text,
            double seconds,
            Map<String, Long> numbers) {}

    static NightDocument of(NightOutcome outcome) {
        return new NightDocument(
                outcome.job(),
                outcome.code().word(),
                outcome.code().code(),
                outcome.startedAt().toString(),
                outcome.endedAt().toString(),
                outcome.summary(),
                outcome.machines().stream().map(NightDocument::machine).toList(),
                outcome.steps().stream().map(NightDocument::step).toList(),
                outcome.warnings());
    }

    private static Machine machine(MachineResult result) {
        return new Machine(
                result.machine(),
                result.code().map(ExitCode::word).orElse("not-started"),
                result.snapshot().map(snapshot -> snapshot.id().text()).orElse(null),
                result.error().orElse(null),
                result.warnings(),
                result.millis() / 1e3);
    }

    private static Step step(NightRecord.Step step) {
        return new Step(
                step.name(),
                step.result(),
                step.machine().orElse(null),
                step.disk().orElse(null),
                step.text(),
                step.millis() / 1e3,
                step.numbers());
    }
}
