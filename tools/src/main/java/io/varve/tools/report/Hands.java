package io.varve.tools.report;

import io.varve.store.fault.Count;
import io.varve.store.hold.Hold;
import io.varve.store.hold.Holds;
import io.varve.store.job.JobEnd;
import io.varve.store.job.NightRecord;
import io.varve.store.job.Warning;
import io.varve.tools.output.ExitCode;
import io.varve.tools.output.WarningCode;
import io.varve.tools.report.Records.Entry;
import io.varve.tools.report.Report.Hand;
import io.varve.tools.report.Report.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What needs attention, the worst first. A pure function. */
final class Hands {
    /** A check or proof older than this is overdue, if nights are run at all. */
    static final Duration FSCK_AGE = Duration.ofDays(35);

    static final Duration PROOF_AGE = Duration.ofDays(8);

    /** Shorter than two nights, so that a machine that missed one is reported. */
    private static final Duration NIGHT_AND_A_HALF = Duration.ofHours(36);

    /** Kinds that say of a machine that its last backup is missing; of the other kinds, its snapshot is good. */
    static final Set<String> WITHOUT_BACKUP = Set.of("failed", "killed", "not-started", "overdue");

    private final Records records;
    private final Holds.Listing holds;
    private final Instant now;
    private final List<Hand> hands = new ArrayList<>();

    Hands(Records records, Holds.Listing holds, Instant now) {
        this.records = records;
        this.holds = holds;
        this.now = now;
    }

    List<Hand> list() {
        new TreeMap<>(records.machines()).forEach(this::machine);
        if (!records.nights().isEmpty()) {
            night(records.nights().get(0));
            age(
                    "fsck",
                    FSCK_AGE,
                    CheckStep::readsData,
                    "run 'varve fsck --read-data', or add or correct 'fsck' in the job file");
            age("proof", PROOF_AGE, step -> true, "add 'proof: {}' to the job file; only its proofs are on record");
        }
        if (!records.checks().isEmpty()) {
            check(records.checks().get(0));
        }
        future();
        for (Hold hold : holds.holds()) {
            add(
                    Severity.WARNING,
                    "hold",
                    hold.machine(),
                    hold.disk().orElse(null),
                    hold.reason(),
                    hold.since(),
                    "nothing of this machine is forgotten; find out why, then 'varve hold release " + hold.id() + "'");
        }
        holds.damaged()
                .forEach((id, damage) -> add(
                        Severity.WARNING,
                        "hold",
                        null,
                        null,
                        "hold " + id + " cannot be read",
                        null,
                        "run 'varve fsck'"));
        hands.sort(Comparator.comparing(hand -> Severity.valueOf(hand.severity().toUpperCase(Locale.ROOT))));
        return hands;
    }

    private void add(
            Severity severity, String kind, String machine, String disk, String text, Instant since, String advice) {
        hands.add(new Hand(
                severity.name().toLowerCase(Locale.ROOT),
                kind,
                machine,
                disk,
                text,
                since == null ? null : since.toString(),
                advice));
    }

    /** Reports records dated in the future, once per computer, with its latest record. */
    private void future() {
        Map<String, List<Entry>> hosts = new TreeMap<>();
        for (Entry entry : records.future()) {
            hosts.computeIfAbsent(entry.job().start().orElseThrow().host(), none -> new ArrayList<>())
                    .add(entry);
        }
        hosts.forEach((host, jobs) -> add(
                Severity.WARNING,
                "clock",
                null,
                null,
                Count.of(jobs.size(), "record") + " of computer " + host + " dated in the future, the latest "
                        + jobs.get(0).at() + ": a computer's clock was wrong; "
                        + (jobs.size() == 1 ? "it counts" : "they count") + " for nothing here",
                null,
                "set the clocks of " + host
                        + " and of this computer by NTP; then delete the wrong records, such as jobs/"
                        + jobs.get(0).job().id() + ".*, and forget the snapshots of that date by name"));
    }

    private void machine(String name, List<Entry> jobs) {
        Entry newest = jobs.get(0);
        Optional<JobEnd> end = newest.job().end();
        String result = newest.result();
        if (result.equals(JobResult.KILLED) || result.equals(JobResult.UNFINISHED)) {
            add(
                    Severity.ERROR,
                    "killed",
                    name,
                    null,
                    result.equals(JobResult.KILLED)
                            ? "the backup was killed or its computer stopped"
                            : "the backup began on "
                                    + newest.job().start().orElseThrow().host() + " and no end is on record",
                    newest.at(),
                    "run it again; if it happens again, look for the reason in the system's log");
        } else if (end.isPresent() && !newest.isGood()) {
            add(
                    Severity.ERROR,
                    "failed",
                    name,
                    null,
                    end.get().error().orElse(result),
                    newest.at(),
                    advice(result, name));
        }
        boolean isNotClean = result.equals(ExitCode.SOURCE_NOT_CLEAN.word());
        if (isNotClean) {
            List<Warning> warnings = end.map(JobEnd::warnings).orElse(List.of());
            add(
                    Severity.ERROR,
                    "not-clean",
                    name,
                    null,
                    warnings.isEmpty() ? "" : warnings.get(warnings.size() - 1).text(),
                    newest.at(),
                    "the snapshot is good; clean its host: 'varve hyperv clean' shows what is left there");
        }
        for (JobEnd.JobDisk disk : newest.disks()) {
            if (newest.isGood() && DiskHistory.isDemoted(disk)) {
                int times = DiskHistory.demotedInARow(jobs, disk.name());
                add(
                        Severity.WARNING,
                        "demoted",
                        name,
                        disk.name(),
                        "read whole: " + disk.reason() + (times > 1 ? ", " + times + " times in a row" : ""),
                        newest.at(),
                        times > 1
                                ? "its change list cannot be trusted: switch the source's tracking off and on again"
                                : "if it repeats, check the source's change tracking");
            }
        }
        long others = end.map(JobEnd::warningCount).orElse(0L) - (isNotClean ? 1 : 0);
        if (newest.isGood() && others > 0) {
            String more = others > 1 ? " (and " + (others - 1) + " more)" : "";
            Optional<Warning> worst = worst(end.get().warnings());
            String all = "'varve jobs --machine " + name + " --json' has all";
            add(
                    worst.filter(Hands::isError).isPresent() ? Severity.ERROR : Severity.WARNING,
                    "warnings",
                    name,
                    null,
                    worst.map(Warning::text).orElse("") + more,
                    newest.at(),
                    worst.map(Warning::advice)
                            .filter(advice -> !advice.isEmpty())
                            .map(advice -> others > 1 ? advice + "; " + all : advice)
                            .orElse(all));
        }
        overdue(name, jobs);
    }

    /** The first of the worst ones; that the source is not clean is told apart. */
    private static Optional<Warning> worst(List<Warning> warnings) {
        List<Warning> others = warnings.stream()
                .filter(warning -> !warning.code().equals(WarningCode.SOURCE_NOT_CLEAN.word()))
                .toList();
        return others.stream()
                .filter(Hands::isError)
                .findFirst()
                .or(() -> others.stream().findFirst())
                .or(() -> warnings.stream().findFirst());
    }

    private static boolean isError(Warning warning) {
        return warning.severity() == Warning.Severity.ERROR;
    }

    private static String advice(String result, String machine) {
        String first = switch (result) {
            case "source-failed" -> "look whether the disk and its host can be reached and read";
            case "target-failed" -> "look whether the repository's storage is there and has room";
            case "repository-damaged" -> "run 'varve fsck', then 'varve repair'";
            case "locked" -> "look whether the job's key or passphrase is the right one";
            default -> result;
        };
        return first + "; 'varve jobs --machine " + machine + "' shows its last backups";
    }

    /** Reports a machine that is usually backed up more often. A machine that was backed up only once is not missed. */
    private void overdue(String name, List<Entry> jobs) {
        List<Entry> good = jobs.stream().filter(Entry::isGood).toList();
        if (good.size() < 2) {
            return;
        }
        List<Double> gaps = new ArrayList<>();
        for (int i = 1; i < good.size(); i++) {
            gaps.add((double)
                    Duration.between(good.get(i).at(), good.get(i - 1).at()).toSeconds());
        }
        Duration twice = Duration.ofSeconds((long) (2 * Robust.median(gaps)));
        Duration limit = twice.compareTo(NIGHT_AND_A_HALF) > 0 ? twice : NIGHT_AND_A_HALF;
        Duration age = Duration.between(good.get(0).at(), now);
        if (age.compareTo(limit) > 0) {
            add(
                    Severity.ERROR,
                    "overdue",
                    name,
                    null,
                    "no good backup for " + Words.age(age),
                    good.get(0).at(),
                    "if the machine is gone, its snapshots stay until 'varve forget'");
        }
    }

    private void night(Entry newest) {
        Optional<NightRecord> night = newest.night();
        if (newest.result().equals(JobResult.KILLED) || newest.result().equals(JobResult.UNFINISHED)) {
            add(
                    Severity.ERROR,
                    "killed",
                    null,
                    null,
                    "the night of job "
                            + newest.job().start().orElseThrow().job().orElse("") + " has no end on record",
                    newest.at(),
                    "run 'varve nightly' again");
        }
        if (night.isEmpty()) {
            return;
        }
        for (String machine : night.get().notStarted()) {
            add(
                    Severity.ERROR,
                    "not-started",
                    machine,
                    null,
                    "was not started in the last night",
                    newest.at(),
                    "widen the window, or raise 'parallel'");
        }
        long more = night.get().notStartedCount() - night.get().notStarted().size();
        if (more > 0) {
            add(
                    Severity.ERROR,
                    "not-started",
                    null,
                    null,
                    Count.of(more, "more machine was not started", "more machines were not started"),
                    newest.at(),
                    "");
        }
        for (NightRecord.Step step : night.get().steps()) {
            boolean good = JobResult.isGood(step.result());
            if (!good || step.result().equals("warnings")) {
                add(
                        good ? Severity.WARNING : Severity.ERROR,
                        step.name().equals(DiskAlarms.STEP) ? DiskAlarms.STEP : "step",
                        step.machine().orElse(null),
                        step.disk().orElse(null),
                        step.name().equals(DiskAlarms.STEP)
                                ? step.text()
                                : step.name() + (good ? ": " : " failed: ") + step.text(),
                        newest.at(),
                        step.name().equals(DiskAlarms.STEP)
                                ? "docs/operations.md says what each alarm means"
                                : "result: " + step.result());
            }
        }
    }

    /** A check by hand that found something stays in the report until a later check, by hand or night, is good. */
    private void check(Entry newest) {
        Optional<NightRecord.Step> step = newest.night().flatMap(night -> night.step("fsck"));
        boolean isLatest = records.nights().stream()
                .filter(night ->
                        night.night().flatMap(record -> record.step("fsck")).isPresent())
                .findFirst()
                .map(night -> newest.at().isAfter(night.at()))
                .orElse(true);
        if (step.isPresent() && isLatest && !JobResult.isGood(step.get().result())) {
            add(
                    Severity.ERROR,
                    "step",
                    null,
                    null,
                    "fsck by hand: " + step.get().text(),
                    newest.at(),
                    "result: " + step.get().result() + "; 'varve repair' shows what can be saved");
        }
    }

    private void age(String step, Duration limit, Predicate<NightRecord.Step> wanted, String advice) {
        String called = step.equals("proof") ? "restore proof" : "fsck that read stored data";
        for (Entry entry : records.nightsAndChecks()) {
            Optional<NightRecord.Step> found =
                    entry.night().flatMap(night -> night.step(step)).filter(wanted);
            if (found.isPresent() && JobResult.isGood(found.get().result())) {
                Duration age = Duration.between(entry.at(), now);
                if (age.compareTo(limit) > 0) {
                    add(
                            Severity.WARNING,
                            "overdue",
                            null,
                            null,
                            "the last good " + called + " was " + Words.age(age) + " ago",
                            entry.at(),
                            advice);
                }
                return;
            }
        }
        add(Severity.INFO, "overdue", null, null, "no good " + called + " is on record", null, advice);
    }
}
