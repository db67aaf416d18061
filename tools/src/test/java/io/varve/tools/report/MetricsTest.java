package io.varve.tools.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.store.hold.Holds;
import io.varve.store.job.Job;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private static String metrics(List<Job> jobs) {
        return Metrics.of(new ReportBuilder(
                        Records.of(jobs, List.of(), MadeNights.NOW),
                        new Holds.Listing(List.of(), Map.of()),
                        MadeNights.NOW,
                        ZoneOffset.UTC)
                .build("id", "/backup/repo", 60));
    }

    private static Set<String> names(String text) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = Pattern.compile("\\bvarve_[a-z_]+").matcher(text);
        while (matcher.find()) {
            names.add(matcher.group());
        }
        return names;
    }

    @Test
    void timesOfLastSuccessAreGaugesAndWhatIsNotKnownHasNoSample() {
        String text = metrics(MadeNights.bad().jobs());
        String label = "{repository=\"/backup/repo\",machine=\"vm6\"}";
        assertTrue(text.contains("varve_machine_good" + label + " 0\n"), text);
        long good = MadeNights.night(1).getEpochSecond();
        Matcher last = Pattern.compile("varve_machine_last_success_time_seconds" + Pattern.quote(label) + " (\\d+)\n")
                .matcher(text);
        assertTrue(last.find(), text);
        assertTrue(Long.parseLong(last.group(1)) - good < 4_000, "the night before: " + last.group(1));
        assertTrue(text.contains(
                "varve_disk_demotions{repository=\"/backup/repo\",machine=\"vm10\",disk=\"system\"} 2\n"));
        assertEquals(-1, text.indexOf("varve_copy_last_success"), "no copy was good");
        assertTrue(text.contains("varve_night_machines{repository=\"/backup/repo\",state=\"not_started\"} 1\n"));
    }

    /** Otherwise no alert on age would come before 2031. */
    @Test
    void aNightDatedInTheFutureIsNoLastSuccess() {
        String text = metrics(MadeNights.quiet(2, 30).failedAfterANightOf2031().jobs());
        String repository = "{repository=\"/backup/repo\"";
        assertTrue(text.contains("varve_night_good" + repository + "} 0\n"), text);
        assertTrue(text.contains("varve_machine_good" + repository + ",machine=\"vm0\"} 0\n"), text);
        assertTrue(text.contains("varve_findings" + repository + ",severity=\"warning\"} 1\n"), text);
        assertEquals(-1, text.indexOf("varve_copy_last_success"), "no copy was good but that of the wrong night");
        long now = MadeNights.NOW.getEpochSecond();
        Matcher times = Pattern.compile("(varve_[a-z_]+_time_seconds)\\{[^}]*} (\\d+)\n")
                .matcher(text);
        Set<String> seen = new TreeSet<>();
        while (times.find()) {
            seen.add(times.group(1));
            assertTrue(Long.parseLong(times.group(2)) <= now, times.group());
        }
        assertTrue(
                seen.containsAll(List.of(
                        "varve_machine_last_success_time_seconds",
                        "varve_fsck_last_success_time_seconds",
                        "varve_fsck_structure_last_success_time_seconds",
                        "varve_restore_proof_last_success_time_seconds")),
                "" + seen);
    }

    /** Prometheus' own judgement. */
    @Test
    void promtoolAccepts() throws Exception {
        boolean there = List.of("/usr/bin/promtool", "/usr/local/bin/promtool").stream()
                .anyMatch(file -> Files.isExecutable(Path.of(file)));
        assumeTrue(there || System.getenv("CI") != null, "promtool is missing: apt-get install prometheus");
        MadeNights made = MadeNights.bad();
        made.backup(0, "odd \"name\"\\with\nall", 0, null, List.of(), MadeNights.disk("a\"b", "full", "x", 1, 1, 1));
        Process process = new ProcessBuilder("promtool", "check", "metrics")
                .redirectErrorStream(true)
                .start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(metrics(made.jobs()).getBytes(StandardCharsets.UTF_8));
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        assertEquals("", said);
        assertEquals(0, process.exitValue());
    }

    @Test
    void theDashboardNamesOnlyMetricsThatExist() throws IOException {
        String dashboard = Files.readString(Path.of("..", "docs", "grafana-dashboard.json"));
        assertTrue(new JsonMapper().readTree(dashboard).path("panels").size() > 10);
        Set<String> named = names(dashboard);
        assertTrue(named.size() > 10, "" + named);
        named.removeAll(names(metrics(MadeNights.bad().jobs())));
        assertEquals(Set.of(), named);
    }
}
