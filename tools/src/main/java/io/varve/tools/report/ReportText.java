package io.varve.tools.report;

import io.varve.store.fault.Count;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.ExitCode;
import io.varve.tools.output.Printable;
import io.varve.tools.output.Table;
import io.varve.tools.report.Report.DiskLine;
import io.varve.tools.report.Report.Hand;
import io.varve.tools.report.Report.MachineLine;
import io.varve.tools.report.Report.StepLine;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The report for a terminal or a mail. */
final class ReportText {
    private static final int MOST_HANDS = 50;
    private static final int MOST_MACHINES = 200;

    private final Report report;
    private final DateTimeFormatter time;
    private final List<String> lines = new ArrayList<>();

    ReportText(Report report, ZoneId zone) {
        this.report = report;
        this.time = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(zone);
    }

    List<String> lines() {
        lines.add("repository " + Printable.name(report.repository()));
        if (report.machines().isEmpty()) {
            if (report.handCount() > 0) {
                hands();
            }
            lines.add("no backups on record in the last " + Count.of(report.days(), "day"));
            return lines;
        }
        hands();
        lines.add("");
        lastNight();
        step("restore proof", report.proof());
        step("fsck of stored data", report.fsck());
        step("fsck of the structure", report.structure());
        step("copy", report.copy());
        step("repository", report.repositorySize());
        lines.add("holds: " + report.holds().size());
        lines.add("");
        machines();
        return lines;
    }

    private void hands() {
        if (report.handCount() == 0) {
            lines.add("nothing needs attention");
            return;
        }
        lines.add(Count.of(report.handCount(), "finding needs attention:", "findings need attention:"));
        for (Hand hand : report.hands().stream().limit(MOST_HANDS).toList()) {
            String about = (hand.machine() == null ? "" : Printable.name(hand.machine()))
                    + (hand.disk() == null ? "" : ", disk " + Printable.name(hand.disk()));
            lines.add("  " + hand.kind().toUpperCase(Locale.ROOT) + "  " + about + (about.isEmpty() ? "" : ": ")
                    + Printable.name(hand.text()));
            if (!hand.advice().isEmpty()) {
                lines.add("      " + Printable.name(hand.advice()));
            }
        }
        if (report.handCount() > MOST_HANDS) {
            lines.add("  " + (report.handCount() - MOST_HANDS) + " more");
        }
    }

    private void lastNight() {
        if (report.lastNight() == null) {
            lines.add("no night of a job is on record");
            return;
        }
        Report.LastNight night = report.lastNight();
        lines.add("last night: job " + Printable.name(night.job()) + " on " + Printable.name(night.host()) + ", "
                + time.format(Instant.parse(night.startedAt())) + ": " + night.result() + ", "
                + Count.of(night.machines(), "machine")
                + ", " + night.failed() + " failed, " + night.notStarted() + " not started");
    }

    private void step(String called, StepLine step) {
        if (step == null) {
            lines.add(called + ": none on record");
            return;
        }
        Duration age = Duration.between(Instant.parse(step.at()), Instant.parse(report.generatedAt()));
        lines.add(called + ": " + Words.age(age) + " ago, "
                + (step.machine() == null ? "" : "machine " + Printable.name(step.machine()) + ", ")
                + Printable.name(step.text()));
    }

    /**
     * What a hypervisor's source did, after a comma: consistency, times, whether it was left clean. Empty for other
     * sources.
     */
    static String source(MachineLine machine) {
        if (!"application".equals(machine.consistency()) && !"crash".equals(machine.consistency())) {
            return "";
        }
        String times = machine.freezeSeconds() == null || machine.releaseSeconds() == null
                ? ""
                : ", frozen in " + Words.took(machine.freezeSeconds()) + ", let go in "
                        + Words.took(machine.releaseSeconds());
        return ", " + machine.consistency() + "-consistent" + times
                + (machine.result().equals(ExitCode.SOURCE_NOT_CLEAN.word()) ? ", host not clean" : "");
    }

    private void sources() {
        for (MachineLine machine :
                report.machines().stream().limit(MOST_MACHINES).toList()) {
            String source = source(machine);
            if (!source.isEmpty()) {
                lines.add(Printable.name(machine.machine()) + ": " + source.substring(2));
            }
        }
    }

    private void machines() {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"MACHINE", "LAST", "RESULT", "DISK", "MODE", "SIZE", "CHANGED", "READ", "STORED", "RATE"
        });
        for (MachineLine machine :
                report.machines().stream().limit(MOST_MACHINES).toList()) {
            String at = time.format(Instant.parse(machine.startedAt()));
            if (machine.disks().isEmpty()) {
                rows.add(new String[] {machine.machine(), at, machine.result(), "-", "-", "-", "-", "-", "-", "-"});
            }
            for (int i = 0; i < machine.disks().size(); i++) {
                DiskLine disk = machine.disks().get(i);
                rows.add(new String[] {
                    i == 0 ? machine.machine() : "",
                    i == 0 ? at : "",
                    i == 0 ? machine.result() : "",
                    disk.disk(),
                    disk.mode() + (disk.mode().equals("incremental") ? "" : " (" + disk.reason() + ")"),
                    ByteSize.text(disk.size()),
                    ByteSize.text(disk.changed()),
                    ByteSize.text(disk.read()),
                    ByteSize.text(disk.stored()),
                    disk.bytesPerSecond() == null ? "-" : ByteSize.text(disk.bytesPerSecond()) + "/s"
                });
            }
        }
        lines.add(Table.of(rows));
        sources();
        if (report.machines().size() > MOST_MACHINES) {
            lines.add(Count.of(report.machines().size() - MOST_MACHINES, "more machine") + "; --json has all");
        }
    }
}
