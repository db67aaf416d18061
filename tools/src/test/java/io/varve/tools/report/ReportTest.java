package io.varve.tools.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.hold.Hold;
import io.varve.store.hold.Holds;
import io.varve.store.job.Job;
import io.varve.tools.output.WarningCode;
import io.varve.tools.report.Report.Hand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final ZoneId UTC = ZoneOffset.UTC;
    private static final Holds.Listing NO_HOLDS = new Holds.Listing(List.of(), Map.of());

    private static Report report(List<Job> jobs, Holds.Listing holds, Instant now) {
        return new ReportBuilder(Records.of(jobs, List.of(), now), holds, now, UTC).build("id", "/backup/repo", 60);
    }

    private static Holds.Listing hold(String machine, String reason) {
        return new Holds.Listing(
                List.of(new Hold(
                        "0123456789abcdef-01234567",
                        machine,
                        Optional.of("data"),
                        "disk-empty",
                        reason,
                        Optional.empty(),
                        "host1",
                        MadeNights.LAST)),
                Map.of());
    }

    private static List<String> named(Report report, String kind) {
        return report.hands().stream()
                .filter(hand -> hand.kind().equals(kind))
                .map(Hand::machine)
                .toList();
    }

    @Test
    void aBadNightNamesWhatNeedsAHandTheWorstFirst() throws IOException {
        Report report = report(
                MadeNights.bad().jobs(), hold("vm2", "0 bytes, 429496729600 in the previous snapshot"), MadeNights.NOW);
        assertEquals(List.of("vm6", "vm7", "vm8"), named(report, "failed"));
        assertEquals(List.of("vm9"), named(report, "killed"));
        assertEquals(List.of("vm11"), named(report, "not-started"));
        assertEquals(List.of("vm10"), named(report, "demoted"));
        assertEquals(List.of("vm2"), named(report, "hold"));
        List<String> severities =
                report.hands().stream().map(Hand::severity).distinct().toList();
        assertEquals(List.of("error", "warning"), severities);
        Hand demoted = report.hands().stream()
                .filter(hand -> hand.kind().equals("demoted"))
                .findFirst()
                .orElseThrow();
        assertTrue(demoted.text().endsWith("2 times in a row"), demoted.text());
        assertEquals(30, report.nights().size());
        assertEquals("2026-11-28", report.nights().get(29).date());
        assertEquals(4, report.nights().get(29).failed());
        assertEquals(
                12, report.nights().get(28).done() + report.nights().get(28).warnings() - 1, "one ran twice");
        String page = new ReportHtml(report, UTC).page();
        Files.createDirectories(Path.of("target"));
        Files.writeString(Path.of("target", "report-sample.html"), page); // to look at
        int machines = page.indexOf("<h2>Machines");
        for (String wanted : List.of("/vm/vm6/data.vhdx", "/vm/vm7/system.vhdx", "/vm/vm8/data.vhdx")) {
            assertTrue(page.indexOf(wanted) > 0 && page.indexOf(wanted) < machines, wanted);
        }
        assertTrue(page.contains("<title>Varve: 5 machines without a good backup"), page.substring(0, 600));
        String table = page.substring(machines);
        String vm11 = table.substring(table.indexOf(">vm11<"), table.indexOf(">vm11<") + 600);
        assertTrue(vm11.contains("NOT STARTED"), "its last job was good, and a night older: " + vm11);
        List<String> text = new ReportText(report, UTC).lines();
        assertTrue(text.get(1).endsWith("findings need attention:"), text.get(1));
        assertTrue(text.get(2).contains("FAILED  vm6: /vm/vm6/data.vhdx: no such file"), text.get(2));
    }

    /** A host that is not clean and a proof that failed need attention, but the machine's snapshot is good. */
    @Test
    void onlyMachinesWithoutABackupAreCountedAsSuch() {
        MadeNights made = new MadeNights();
        made.backup(0, "vm1", 10, null, List.of("left at the host"), MadeNights.disk("a", "full", "first", 1, 1, 1));
        made.night(0, 8, 1, 0, List.of(), MadeNights.step("proof", "damaged", "vm1", "differs", Map.of()));
        String page = new ReportHtml(report(made.jobs(), NO_HOLDS, MadeNights.NOW), UTC).page();
        String title = page.substring(page.indexOf("<title>"), page.indexOf("</title>"));
        assertEquals("<title>Varve: 4 things need a look", title);
    }

    /** The worst warning of a backup decides, whatever came before it, and says what to do. */
    @Test
    void aWarningThatIsAnErrorRanksAsOne() {
        MadeNights made = MadeNights.quiet(2, 30);
        made.backup(
                0,
                "vm0",
                1,
                null,
                List.of("the clock is odd [clock]", "disk data is empty [disk-empty]", "disk data is odd [clock]"),
                MadeNights.disk("data", "incremental", "change-list", 1 << 20, 1, 1));
        Hand hand = report(made.jobs(), NO_HOLDS, MadeNights.NOW).hands().stream()
                .filter(found -> found.kind().equals("warnings"))
                .findFirst()
                .orElseThrow();
        assertEquals("error", hand.severity());
        assertEquals("disk data is empty (and 2 more)", hand.text());
        assertTrue(hand.advice().startsWith(WarningCode.DISK_EMPTY.advice()), hand.advice());
        assertTrue(hand.advice().contains("varve jobs --machine vm0"), hand.advice());
    }

    /** A check that read nothing but the structure is no proof that what is stored can be read. */
    @Test
    void aCheckOfTheStructureAloneIsNotTheLastFsck() {
        MadeNights made = MadeNights.quiet(2, 30);
        made.check(
                "done", "3 snapshots, 2 packs, structure only", Map.of("readBytes", 0L, "packBytes", 9L, "level", 0L));
        Report report = report(made.jobs(), NO_HOLDS, MadeNights.NOW);
        assertTrue(
                report.fsck().text().contains("320 packs read"), report.fsck().text());
        assertTrue(
                report.structure().text().contains("structure only"),
                report.structure().text());
        assertTrue(Instant.parse(report.structure().at())
                .isAfter(Instant.parse(report.fsck().at())));
        made.check("done", "3 snapshots, 2 packs, 0 packs read, 0 B", Map.of("readBytes", 0L, "level", 1L));
        report = report(made.jobs(), NO_HOLDS, MadeNights.NOW);
        assertEquals(report.structure(), report.fsck(), "nothing was due to be read, but that was asked for");
    }

    @Test
    void aQuietNightSaysSo() {
        Report report = report(MadeNights.quiet(3, 30).jobs(), NO_HOLDS, MadeNights.NOW);
        assertEquals(List.of(), report.hands());
        assertEquals(4L << 30, report.proof().bytes());
        assertTrue(new ReportHtml(report, UTC).page().contains("All machines are backed up"));
        assertEquals(
                "nothing needs attention", new ReportText(report, UTC).lines().get(1));
    }

    @Test
    void aMachineThatIsMissedAndChecksThatAreLateShow() {
        Instant later = MadeNights.NOW.plusSeconds(40 * 86_400L);
        Report report = report(MadeNights.quiet(2, 30).jobs(), NO_HOLDS, later);
        assertEquals(List.of("vm0", "vm1"), named(report, "overdue").subList(0, 2));
        List<String> texts = report.hands().stream().map(Hand::text).toList();
        assertTrue(texts.contains("no good backup for 40 days"), "" + texts);
        assertTrue(texts.contains("the last good restore proof was 40 days ago"), "" + texts);
        assertTrue(texts.contains("the last good fsck that read stored data was 40 days ago"), "" + texts);
    }

    /** The clock of one night was ahead: what fails later shows all the same. */
    @Test
    void aNightDatedInTheFutureHidesNothing() {
        List<Job> jobs = MadeNights.quiet(2, 30).failedAfterANightOf2031().jobs();
        Report report = report(jobs, NO_HOLDS, MadeNights.NOW);
        assertEquals(List.of("vm0"), named(report, "failed"));
        assertEquals("source-failed", report.lastNight().result());
        assertEquals("2026-11-29T02:00:00Z", report.lastNight().startedAt());
        Report.MachineLine vm0 = report.machines().get(0);
        assertEquals("source-failed", vm0.result());
        assertTrue(vm0.lastGood().startsWith("2026-11-28T22:"), vm0.lastGood());
        assertEquals("2026-11-28T22:00:00Z", report.proof().at());
        assertEquals("2026-11-28T22:00:00Z", report.fsck().at());
        assertEquals("2026-11-28T22:00:00Z", report.repositorySize().at());
        assertNull(report.copy(), "the only good copy was in the wrong night");
        List<Hand> clocks = report.hands().stream()
                .filter(hand -> hand.kind().equals("clock"))
                .toList();
        assertEquals(1, clocks.size(), "one for each computer");
        assertEquals("warning", clocks.get(0).severity());
        assertTrue(
                clocks.get(0)
                        .text()
                        .startsWith("2 records of computer host1 dated in the future, the latest 2031-01-01T22:"),
                clocks.get(0).text());
        assertTrue(
                clocks.get(0).advice().contains("jobs/2031-01-01"),
                clocks.get(0).advice());
        String text = String.join("\n", new ReportText(report, UTC).lines());
        assertTrue(text.contains("restore proof: 9 hours ago"), text);
    }

    /** Up to a day is no wrong clock: those of several computers differ. */
    @Test
    void aRecordALittleAheadCounts() {
        Instant before = MadeNights.LAST.minusSeconds(23 * 3600);
        Report report = report(MadeNights.quiet(2, 30).jobs(), NO_HOLDS, before);
        assertEquals(List.of(), named(report, "clock"));
        assertEquals(MadeNights.LAST.toString(), report.lastNight().startedAt());
    }

    /** As seen by a computer whose own clock is years behind. */
    @Test
    void whereAllRecordsAreInTheFutureTheReportSaysSo() {
        List<String> text = new ReportText(
                        report(MadeNights.quiet(2, 30).jobs(), NO_HOLDS, Instant.parse("2015-01-01T00:00:00Z")), UTC)
                .lines();
        assertEquals("1 finding needs attention:", text.get(1));
        assertTrue(text.get(2).contains("90 records of computer host1 dated in the future"), text.get(2));
        assertEquals("no backups on record in the last 60 days", text.get(text.size() - 1));
    }

    @Test
    void withoutRecordsThereIsAReportToo() {
        Report report = report(List.of(), NO_HOLDS, MadeNights.NOW);
        assertNull(report.lastNight());
        assertTrue(new ReportHtml(report, UTC).page().contains("No backups on record"));
    }

    /** Nothing that a name holds reaches the page as anything but text. */
    @Test
    void namesAreHarmless() {
        String evil = "<script>alert(1)</script>\"'&\u202eabc\u0007\n";
        MadeNights made = new MadeNights();
        made.backup(0, evil, 4, evil, List.of(evil), MadeNights.disk(evil, evil, evil, 1, 1, 1));
        made.night(0, 4, 1, 1, List.of(evil), MadeNights.step("proof", "done", evil, evil, Map.of()));
        String page = new ReportHtml(report(made.jobs(), hold(evil, evil), MadeNights.NOW), UTC).page();
        assertFalse(page.contains("<script"), page);
        assertFalse(page.contains("\u202e") || page.contains("\u0007"), "marks of direction and controls are shown");
        assertTrue(
                page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;\\u202eabc\\u0007\\u000a"), page);
        String text =
                String.join("\n", new ReportText(report(made.jobs(), hold(evil, evil), MadeNights.NOW), UTC).lines());
        assertFalse(text.contains("\u202e") || text.contains("\u0007"), text);
    }

    @Test
    void thePageNeedsNoNetworkAndNoScript() {
        String page = new ReportHtml(report(MadeNights.bad().jobs(), NO_HOLDS, MadeNights.NOW), UTC).page();
        for (String forbidden : List.of("<script", "src=", "http:", "https:", "url(", "@import", "<link", "onload")) {
            assertFalse(page.contains(forbidden), forbidden);
        }
        assertTrue(page.contains("default-src 'none'"));
        assertTrue(page.contains("prefers-color-scheme: dark"));
    }

    @Test
    void tenThousandMachinesAreFastAndThePageStaysSmall() {
        List<Job> jobs = MadeNights.quiet(10_000, 4).jobs();
        long begun = System.nanoTime();
        Report report = report(jobs, NO_HOLDS, MadeNights.NOW);
        String page = new ReportHtml(report, UTC).page();
        double seconds = (System.nanoTime() - begun) / 1e9;
        assertEquals(10_000, report.machines().size());
        assertTrue(page.getBytes(StandardCharsets.UTF_8).length < 2 << 20, page.length() + " characters");
        assertTrue(page.contains("9500 more machines"));
        assertTrue(seconds < 10, seconds + " s");
    }
}
