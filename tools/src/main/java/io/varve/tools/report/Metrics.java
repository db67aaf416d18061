package io.varve.tools.report;

import io.varve.tools.output.ExitCode;
import io.varve.tools.report.Report.DiskLine;
import io.varve.tools.report.Report.MachineLine;
import io.varve.tools.report.Report.StepLine;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The report as metrics in Prometheus' text format, for the node exporter's textfile collector. All metrics are gauges.
 * An unknown value has no sample, because an alert on a missing sample is better than a misleading zero.
 */
public final class Metrics {
    private final Report report;
    private final Map<String, String> help = new LinkedHashMap<>();
    private final Map<String, StringBuilder> samples = new LinkedHashMap<>();

    private Metrics(Report report) {
        this.report = report;
    }

    /** Returns the content of the metrics file. */
    public static String of(Report report) {
        Metrics metrics = new Metrics(report);
        metrics.add();
        StringBuilder text = new StringBuilder();
        metrics.samples.forEach((name, lines) -> text.append("# HELP ")
                .append(name)
                .append(' ')
                .append(metrics.help.get(name))
                .append("\n# TYPE ")
                .append(name)
                .append(" gauge\n")
                .append(lines));
        return text.toString();
    }

    private void add() {
        seconds("varve_report_time_seconds", "When these metrics were made.", report.generatedAt());
        sample(
                "varve_machines",
                "Machines with a backup on record.",
                report.machines().size());
        for (String severity : new String[] {"error", "warning", "info"}) {
            long count = report.hands().stream()
                    .filter(hand -> hand.severity().equals(severity))
                    .count();
            sample("varve_findings", "What needs attention, by severity.", count, "severity", severity);
        }
        sample(
                "varve_holds",
                "Holds on the retention of machines.",
                report.holds().size());
        night();
        step("restore_proof", "good restore proof", report.proof());
        step("fsck", "good fsck that read stored data", report.fsck());
        step("fsck_structure", "good fsck of any kind", report.structure());
        step("copy", "good copy", report.copy());
        StepLine size = report.repositorySize();
        if (size != null) {
            known("varve_repository_size_bytes", "Bytes in packs, after the last night.", size.bytes());
            known(
                    "varve_repository_free_bytes",
                    "Free bytes where the repository is, after the last night.",
                    size.free());
        }
        report.machines().forEach(this::machine);
    }

    private void night() {
        Report.LastNight night = report.lastNight();
        if (night == null) {
            return;
        }
        seconds("varve_night_start_time_seconds", "When the last night began.", night.startedAt());
        if (night.endedAt() != null) {
            long took = Instant.parse(night.endedAt()).getEpochSecond()
                    - Instant.parse(night.startedAt()).getEpochSecond();
            sample("varve_night_duration_seconds", "How long the last night took.", Math.max(0, took));
        }
        boolean good = JobResult.isGood(night.result());
        sample("varve_night_good", "Whether the last night succeeded.", good ? 1 : 0);
        String help = "Machines of the last night, by result.";
        long done = night.machines() - night.failed() - night.notStarted();
        sample("varve_night_machines", help, done, "state", "done");
        sample("varve_night_machines", help, night.failed(), "state", "failed");
        sample("varve_night_machines", help, night.notStarted(), "state", "not_started");
    }

    private void step(String name, String called, StepLine step) {
        if (step != null) {
            seconds(
                    "varve_" + name + "_last_success_time_seconds",
                    "When the night of the last " + called + " began.",
                    step.at());
        }
    }

    private void machine(MachineLine machine) {
        String[] label = {"machine", machine.machine()};
        boolean good = JobResult.isGood(machine.result());
        sample("varve_machine_good", "Whether the machine's last backup is good.", good ? 1 : 0, label);
        if (good) {
            boolean clean = !machine.result().equals(ExitCode.SOURCE_NOT_CLEAN.word());
            sample(
                    "varve_machine_source_clean",
                    "Whether the machine's last backup, which is good, left nothing at its source.",
                    clean ? 1 : 0,
                    label);
        }
        if (machine.consistency() != null) {
            sample(
                    "varve_machine_consistency",
                    "1, with the consistency of the machine's last snapshot.",
                    1,
                    "machine",
                    machine.machine(),
                    "consistency",
                    machine.consistency());
        }
        if (machine.freezeSeconds() != null && machine.releaseSeconds() != null) {
            sample(
                    "varve_machine_freeze_seconds",
                    "How long it took until the machine's source was frozen and opened.",
                    machine.freezeSeconds(),
                    label);
            sample(
                    "varve_machine_release_seconds",
                    "How long it took after the commit until the machine's source was let go; a Hyper-V host has then"
                            + " merged the checkpoint's files.",
                    machine.releaseSeconds(),
                    label);
        }
        if (machine.lastGood() != null) {
            seconds(
                    "varve_machine_last_success_time_seconds",
                    "When the machine's last good backup began.",
                    machine.lastGood(),
                    label);
        }
        if (machine.seconds() != null) {
            sample(
                    "varve_machine_duration_seconds",
                    "How long the machine's last backup took.",
                    machine.seconds(),
                    label);
        }
        sample("varve_machine_warnings", "Warnings of the machine's last backup.", machine.warnings(), label);
        for (DiskLine disk : machine.disks()) {
            String[] labels = {"machine", machine.machine(), "disk", disk.disk()};
            sample("varve_disk_size_bytes", "Size of the disk.", disk.size(), labels);
            sample("varve_disk_changed_bytes", "Bytes that changed, in the last backup.", disk.changed(), labels);
            sample("varve_disk_read_bytes", "Bytes that were read, in the last backup.", disk.read(), labels);
            sample("varve_disk_stored_bytes", "Bytes that were stored, in the last backup.", disk.stored(), labels);
            sample(
                    "varve_disk_demotions",
                    "Newest backups in a row that read the disk whole, its change list not being trusted.",
                    disk.demotedInARow(),
                    labels);
        }
    }

    private void known(String name, String text, Long value) {
        if (value != null) {
            sample(name, text, value);
        }
    }

    private void seconds(String name, String text, String time, String... labels) {
        sample(name, text, Instant.parse(time).getEpochSecond(), labels);
    }

    /** @param labels alternating names and values */
    private void sample(String name, String text, Number value, String... labels) {
        help.put(name, text);
        StringBuilder line = samples.computeIfAbsent(name, none -> new StringBuilder());
        line.append(name)
                .append("{repository=\"")
                .append(escaped(report.repository()))
                .append('"');
        for (int i = 0; i < labels.length; i += 2) {
            line.append(',')
                    .append(labels[i])
                    .append("=\"")
                    .append(escaped(labels[i + 1]))
                    .append('"');
        }
        line.append("} ").append(value).append('\n');
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
