package io.varve.tools.report;

import io.varve.store.fault.Count;
import io.varve.tools.output.ByteSize;
import io.varve.tools.report.Report.DiskLine;
import io.varve.tools.report.Report.Hand;
import io.varve.tools.report.Report.HoldLine;
import io.varve.tools.report.Report.MachineLine;
import io.varve.tools.report.Report.NightLine;
import io.varve.tools.report.Report.StepLine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * The report as a self-contained HTML page without scripts. Its size is bounded for any number of machines: those that
 * need attention come first, followed by as many others as there is room for.
 */
public final class ReportHtml {
    private static final int MOST_HANDS = 200;
    private static final int MOST_MACHINES = 500;

    private final Report report;
    private final DateTimeFormatter time;
    private final Instant now;
    /** Machines that the last night did not start: their last job, which the table shows, is an older one. */
    private final Set<String> notStarted = new HashSet<>();

    private final StringBuilder page = new StringBuilder(64 << 10);

    public ReportHtml(Report report, ZoneId zone) {
        this.report = report;
        this.time = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(zone);
        this.now = Instant.parse(report.generatedAt());
    }

    /** Returns the page, which must be written as UTF-8. */
    public String page() {
        String verdict = verdict();
        page.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
                + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src"
                + " 'unsafe-inline'\">\n<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
                + "<meta name=\"color-scheme\" content=\"light dark\">\n<title>Varve: " + Html.text(verdict)
                + "</title>\n<style>\n" + css() + "</style></head><body>\n");
        page.append("<header class=\"head " + worst() + "\"><h1>" + Html.text(verdict) + "</h1>\n<p class=\"sub\">"
                + Html.name(report.repository()) + " · " + time.format(now) + "</p></header>\n");
        hands();
        cards();
        plots();
        machines();
        holds();
        page.append("<p class=\"foot\">Made by varve report from the repository's job records of the last "
                + Count.of(report.days(), "day") + ". Repository " + Html.text(report.repositoryId())
                + ".</p>\n</body></html>\n");
        return page.toString();
    }

    private static String css() {
        try (InputStream in = ReportHtml.class.getResourceAsStream("report.css")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("report.css cannot be read out of the program's own jar", e);
        }
    }

    private String worst() {
        return report.hands().isEmpty() ? "" : report.hands().get(0).severity();
    }

    private String verdict() {
        if (report.machines().isEmpty()) {
            return "No backups on record";
        }
        List<Hand> without = report.hands().stream()
                .filter(hand -> hand.machine() != null && Hands.WITHOUT_BACKUP.contains(hand.kind()))
                .toList();
        long failed = without.stream().map(Hand::machine).distinct().count();
        int other = report.handCount() - without.size();
        String rest =
                other == 0 ? "" : Words.count(other, "other thing") + (other == 1 ? " needs" : " need") + " a look";
        if (failed == 0) {
            return other == 0
                    ? "All machines are backed up"
                    : rest.substring(0, 1).toUpperCase(Locale.ROOT)
                            + rest.substring(1).replace("other thing", "thing");
        }
        return Words.count(failed, "machine") + " without a good backup" + (rest.isEmpty() ? "" : ", " + rest);
    }

    private String ago(String at) {
        return Words.age(Duration.between(Instant.parse(at), now)) + " ago";
    }

    private void card(String label, String value, String more) {
        page.append("<div class=\"card\"><span class=\"label\">" + label + "</span><b>" + value
                + "</b><span class=\"soft\">" + more + "</span></div>\n");
    }

    private void cards() {
        page.append("<section class=\"cards\">\n");
        Report.LastNight night = report.lastNight();
        if (night == null) {
            long good = report.machines().stream()
                    .filter(machine -> JobResult.isGood(machine.result()))
                    .count();
            card("Machines", good + " of " + report.machines().size(), "backed up by their last job");
        } else {
            card(
                    "Last night",
                    (night.machines() - night.failed() - night.notStarted()) + " of " + night.machines(),
                    "machines backed up · " + Html.name(night.job()) + " on " + Html.name(night.host()) + ", "
                            + ago(night.startedAt()));
        }
        step("Last restore proof", report.proof());
        step("Last fsck of stored data", report.fsck());
        step("Last fsck of the structure", report.structure());
        if (report.copy() != null) {
            step("Last copy", report.copy());
        }
        StepLine size = report.repositorySize();
        if (size != null && size.bytes() != null) {
            card(
                    "Repository",
                    ByteSize.text(size.bytes()),
                    size.free() == null ? "" : ByteSize.text(size.free()) + " free");
        }
        card(
                "Holds",
                Integer.toString(report.holds().size()),
                report.holds().isEmpty() ? "retention runs for all" : "retention stands still for these machines");
        page.append("</section>\n");
    }

    private void step(String label, StepLine step) {
        if (step == null) {
            card(label, "none", "on record in " + Count.of(report.days(), "day"));
        } else {
            String machine = step.machine() == null ? "" : Html.name(step.machine()) + ": ";
            card(label, ago(step.at()), machine + Html.text(step.text()));
        }
    }

    private static String tag(String style, String word) {
        return "<span class=\"tag " + style + "\">"
                + Html.text(word.replace('-', ' ').toUpperCase(Locale.ROOT)) + "</span>";
    }

    /** The kind; for a step of the night its name, since "step" tells nobody what failed. */
    private static String label(Hand hand) {
        return hand.kind().equals("step") ? hand.text().split("[ :]", 2)[0] : hand.kind();
    }

    private void hands() {
        page.append("<h2>Needs attention</h2>\n");
        if (report.handCount() == 0) {
            page.append("<ul class=\"hands\"><li>" + tag("good", "nothing")
                    + "<span class=\"what\">Every machine's last" + " backup is good.</span></li></ul>\n");
            return;
        }
        page.append("<ul class=\"hands\">\n");
        for (Hand hand : report.hands().stream().limit(MOST_HANDS).toList()) {
            String who = hand.machine() == null ? "" : Html.name(hand.machine());
            who += hand.disk() == null ? "" : " · disk " + Html.name(hand.disk());
            page.append("<li>" + tag(hand.severity(), label(hand)) + "<div><span class=\"who\">" + who + "</span>"
                    + (who.isEmpty() ? "" : " ") + "<span class=\"what\">" + Html.text(hand.text())
                    + "</span></div><span class=\"when\">" + (hand.since() == null ? "" : ago(hand.since()))
                    + "</span>"
                    + (hand.advice().isEmpty() ? "" : "<span class=\"advice\">" + Html.text(hand.advice()) + "</span>")
                    + "</li>\n");
        }
        int more = report.handCount() - Math.min(MOST_HANDS, report.hands().size());
        if (more > 0) {
            page.append("<li><span></span><span class=\"what\">" + more + " more; varve report --json has all"
                    + "</span></li>\n");
        }
        page.append("</ul>\n");
    }

    private void plots() {
        List<NightLine> nights = report.nights();
        page.append("<h2>Last thirty nights</h2>\n<section class=\"plots\">\n");
        List<Plot.Series> results = List.of(
                new Plot.Series("g", values(nights, NightLine::done)),
                new Plot.Series("w", values(nights, NightLine::warnings)),
                new Plot.Series("e", values(nights, NightLine::failed)));
        long most = nights.stream()
                .mapToLong(night -> (long) night.done() + night.warnings() + night.failed())
                .max()
                .orElse(0);
        plot("Backups: good, with warnings, failed", Long.toString(most), results);
        bytes("Read", nights, NightLine::read);
        bytes("Stored", nights, NightLine::stored);
        long longest = nights.stream().mapToLong(NightLine::seconds).max().orElse(0);
        plot(
                "Time from first to last",
                Words.took((double) longest),
                List.of(new Plot.Series("b", values(nights, NightLine::seconds))));
        page.append("</section>\n");
    }

    private static List<Long> values(List<NightLine> nights, ToLongFunction<NightLine> value) {
        return nights.stream().map(value::applyAsLong).toList();
    }

    private void bytes(String label, List<NightLine> nights, ToLongFunction<NightLine> value) {
        long most = nights.stream().mapToLong(value).max().orElse(0);
        plot(label, ByteSize.text(most), List.of(new Plot.Series("b", values(nights, value))));
    }

    private void plot(String label, String most, List<Plot.Series> series) {
        List<NightLine> nights = report.nights();
        page.append("<div class=\"plot\"><span class=\"most\">most " + most + "</span><span class=\"label\">" + label
                + "</span>" + Plot.bars(label, series) + "<div class=\"scale\"><span>"
                + nights.get(0).date() + "</span><span>"
                + nights.get(nights.size() - 1).date()
                + "</span></div></div>\n");
    }

    private void machines() {
        Map<String, Integer> order = new HashMap<>(); // hands are sorted, the worst first
        report.hands().stream()
                .filter(hand -> hand.machine() != null)
                .forEach(hand -> order.putIfAbsent(hand.machine(), order.size()));
        List<MachineLine> shown = report.machines().stream()
                .sorted(Comparator.comparing(machine -> order.getOrDefault(machine.machine(), Integer.MAX_VALUE)))
                .limit(MOST_MACHINES)
                .toList();
        report.hands().stream()
                .filter(hand -> hand.kind().equals("not-started") && hand.machine() != null)
                .forEach(hand -> notStarted.add(hand.machine()));
        page.append("<h2>Machines</h2>\n<div class=\"table\"><table><thead><tr><th>Machine, disk</th><th>Result</th>"
                + "<th>Mode</th><th class=\"n\">Size</th><th class=\"n\">Changed</th><th class=\"n\">Read</th>"
                + "<th class=\"n\">Stored</th><th class=\"n\">Rate</th><th>Stored in thirty nights</th></tr></thead>"
                + "<tbody>\n");
        shown.forEach(this::machine);
        page.append("</tbody></table></div>\n");
        if (report.machines().size() > shown.size()) {
            page.append("<p class=\"soft\">" + Count.of(report.machines().size() - shown.size(), "more machine")
                    + (order.size() > shown.size() ? "" : ", all without a finding")
                    + "; varve report --json has all.</p>\n");
        }
    }

    private void machine(MachineLine machine) {
        List<DiskLine> disks = machine.disks();
        String style = JobResult.isGood(machine.result())
                ? machine.result().equals("done") ? "good" : "warning"
                : machine.result().equals(JobResult.RUNNING) ? "" : "error";
        String when = ago(machine.startedAt())
                + (machine.seconds() == null ? "" : ", " + Words.took(machine.seconds()))
                + ReportText.source(machine);
        String lastGood = JobResult.isGood(machine.result())
                ? ""
                : "<br><span class=\"soft\">last good: "
                        + (machine.lastGood() == null ? "none" : ago(machine.lastGood())) + "</span>";
        page.append("<tr class=\"m" + (disks.isEmpty() ? " one" : "") + "\"><td class=\"name\">"
                + Html.name(machine.machine()) + "</td><td>" + tag(style, machine.result())
                + "<br><span class=\"soft\">"
                + when + "</span>"
                + (notStarted.contains(machine.machine()) ? "<br>" + tag("error", "not-started") : "") + lastGood
                + "</td><td></td>"
                + (disks.size() < 2
                        ? "<td></td><td></td><td></td><td></td><td></td>"
                        : sizes(
                                machine.size(),
                                machine.changed(),
                                machine.read(),
                                machine.storedBytes(),
                                machine.bytesPerSecond()))
                + "<td>" + Plot.spark(machine.stored()) + "</td></tr>\n");
        for (int i = 0; i < disks.size(); i++) {
            DiskLine disk = disks.get(i);
            boolean demoted = disk.mode().equals("demoted");
            page.append("<tr class=\"d" + (i == disks.size() - 1 ? " last" : "")
                    + "\"><td class=\"soft\" data-l=\"disk\">"
                    + Html.name(disk.disk()) + "</td><td></td><td>"
                    + (demoted ? tag("warning", disk.mode()) : Html.text(disk.mode()))
                    + "<br><span class=\"soft\">" + Html.text(disk.reason())
                    + (disk.demotedInARow() > 1 ? ", " + disk.demotedInARow() + " times in a row" : "") + "</span></td>"
                    + sizes(disk.size(), disk.changed(), disk.read(), disk.stored(), disk.bytesPerSecond())
                    + "<td></td></tr>\n");
        }
    }

    private static String sizes(long size, long changed, long read, long stored, Long rate) {
        return cell("size", ByteSize.text(size))
                + cell("changed", ByteSize.text(changed))
                + cell("read", ByteSize.text(read))
                + cell("stored", ByteSize.text(stored))
                + cell("rate", rate == null ? "–" : ByteSize.text(rate) + "/s");
    }

    private static String cell(String label, String value) {
        return "<td class=\"n\" data-l=\"" + label + "\">" + value + "</td>";
    }

    private void holds() {
        if (report.holds().isEmpty()) {
            return;
        }
        page.append("<h2>Holds</h2>\n<ul class=\"hands\">\n");
        for (HoldLine hold : report.holds().stream().limit(MOST_HANDS).toList()) {
            page.append("<li>" + tag("warning", hold.code()) + "<div><span class=\"who\">"
                    + (hold.machine() == null ? "unknown" : Html.name(hold.machine()))
                    + (hold.disk() == null ? "" : " · disk " + Html.name(hold.disk()))
                    + "</span> <span class=\"what\">" + Html.text(hold.reason()) + "</span></div><span class=\"when\">"
                    + (hold.since() == null ? "" : ago(hold.since()))
                    + "</span><span class=\"advice\">varve hold release "
                    + Html.text(hold.id()) + "</span></li>\n");
        }
        if (report.holds().size() > MOST_HANDS) {
            page.append("<li><span></span><span class=\"what\">"
                    + (report.holds().size() - MOST_HANDS) + " more</span></li>\n");
        }
        page.append("</ul>\n");
    }
}
