package io.varve.tools.nightly;

import io.varve.store.job.NightRecord;
import io.varve.tools.output.ExitCode;
import io.varve.tools.output.Printable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A night in words, for a mail and for the end of a run. What needs attention comes first. */
final class NightText {
    private static final int MOST_LINES = 100;

    private NightText() {}

    /** Returns the subject of a mail: {@code varve nightly: FAILED, 38 of 40 machines backed up, 2 failed}. */
    static String subject(NightOutcome outcome) {
        return "varve " + Printable.name(outcome.job()) + ": " + verdict(outcome.code()) + ", " + outcome.summary();
    }

    static String verdict(ExitCode code) {
        return switch (code) {
            case DONE -> "done";
            case WARNINGS -> "done, with warnings";
            case SOURCE_NOT_CLEAN -> "done, but a source is not clean (" + code.word() + ")";
            default -> "FAILED (" + code.word() + ")";
        };
    }

    static List<String> lines(NightOutcome outcome) {
        List<String> lines = new ArrayList<>();
        Duration took = Duration.between(outcome.startedAt(), outcome.endedAt());
        lines.add(String.format(
                Locale.ROOT,
                "night of job %s: %s; %s, %d:%02d:%02d",
                outcome.job(),
                verdict(outcome.code()),
                outcome.summary(),
                Math.max(0, took.toHours()),
                Math.max(0, took.toMinutesPart()),
                Math.max(0, took.toSecondsPart())));
        for (MachineResult machine : outcome.failed()) {
            lines.add("  failed: " + machine.machine() + ": " + machine.error().orElse("unknown"));
        }
        for (MachineResult machine : outcome.notStarted()) {
            lines.add("  not started: " + machine.machine());
        }
        for (NightRecord.Step step : outcome.steps()) {
            boolean sound =
                    step.result().equals(ExitCode.DONE.word()) || step.result().equals("skipped");
            lines.add("  " + step.name() + ": " + (sound ? "" : step.result() + ": ") + step.text());
        }
        return lines.size() <= MOST_LINES
                ? lines
                : append(
                        lines.subList(0, MOST_LINES),
                        "  " + (lines.size() - MOST_LINES) + " more lines; see" + " 'varve report'");
    }

    /** Returns the text of a mail, with all warnings. */
    static String mail(NightOutcome outcome) {
        List<String> lines = new ArrayList<>(lines(outcome));
        if (!outcome.warnings().isEmpty()) {
            lines.add("");
            lines.add("warnings:");
            outcome.warnings().stream().limit(MOST_LINES).forEach(warning -> {
                lines.add("  " + warning.text());
                if (!warning.advice().isEmpty()) {
                    lines.add("    " + warning.advice());
                }
            });
            if (outcome.warnings().size() > MOST_LINES) {
                lines.add("  " + (outcome.warnings().size() - MOST_LINES) + " more");
            }
        }
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(Printable.name(line)).append('\n'));
        return text.toString();
    }

    private static List<String> append(List<String> lines, String last) {
        List<String> all = new ArrayList<>(lines);
        all.add(last);
        return all;
    }
}
