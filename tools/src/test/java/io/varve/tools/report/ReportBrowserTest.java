package io.varve.tools.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.store.hold.Holds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report as a browser shows it, on a desk and on a phone. Pictures are left in {@code target} to look at. */
class ReportBrowserTest {
    private static final String WIDTH = "document.documentElement.scrollWidth";

    @TempDir
    static Path temp;

    private static Chromium browser;

    @BeforeAll
    static void start() throws Exception {
        boolean there = Chromium.program().isPresent();
        if (System.getenv("CI") != null) {
            assertTrue(there, "Chromium is not installed");
        }
        assumeTrue(there, "skipped: Chromium is not installed");
        browser = new Chromium(Chromium.program().orElseThrow(), Files.createDirectory(temp.resolve("profile")));
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
    }

    private static Path write(String name, MadeNights made) throws Exception {
        Report report = new ReportBuilder(
                        Records.of(made.jobs(), List.of(), MadeNights.NOW),
                        new Holds.Listing(List.of(), Map.of()),
                        MadeNights.NOW,
                        ZoneOffset.UTC)
                .build("id", "/backup/repo", 60);
        Path page = temp.resolve(name + ".html");
        Files.writeString(page, new ReportHtml(report, ZoneOffset.UTC).page());
        return page;
    }

    private static void see(String name, MadeNights made) throws Exception {
        Path page = write(name, made);
        for (int width : List.of(1280, 400)) {
            browser.open(page, width, 900);
            assertEquals(List.of(), browser.complaints, name + " at " + width);
            assertEquals(List.of(page.toUri().toString()), browser.requests, "nothing but the page itself");
            assertTrue(
                    browser.evaluate(WIDTH).asInt() <= width,
                    name + " at " + width + " pixels is " + browser.evaluate(WIDTH) + " wide");
            assertTrue(browser.evaluate("getComputedStyle(document.querySelector('.card')).display !== 'inline'")
                    .asBoolean());
            browser.picture(
                    Files.createDirectories(Path.of("target")).resolve("report-" + name + "-" + width + ".png"));
        }
    }

    private static List<String> texts(String selector) throws Exception {
        List<String> texts = new ArrayList<>();
        for (JsonNode text :
                browser.evaluate("Array.from(document.querySelectorAll('" + selector + "')).map(e => e.innerText)")) {
            texts.add(text.asText());
        }
        return texts;
    }

    /** Which machines failed is seen without scrolling, on a phone too. */
    @Test
    void aBadNightShowsWhatFailedOnTheFirstScreen() throws Exception {
        see("bad", MadeNights.bad());
        String screen = browser.evaluate("Array.from(document.querySelectorAll('body *'))"
                        + ".filter(e => e.getBoundingClientRect().bottom <= 900)"
                        + ".map(e => e.innerText).join('\\n')")
                .asText();
        for (String disk : List.of("/vm/vm6/data.vhdx", "/vm/vm7/system.vhdx", "/vm/vm8/data.vhdx")) {
            assertTrue(screen.contains(disk), disk + " in " + screen);
        }
        assertTrue(texts("h1").get(0).startsWith("5 machines without a good backup"), "" + texts("h1"));
    }

    @Test
    void aQuietNightIsShort() throws Exception {
        see("quiet", MadeNights.quiet(3, 30));
        assertEquals(List.of("All machines are backed up"), texts("h1"));
    }

    /** Names may hold whatever a guest's owner thought of; long ones must not push the page out of the window. */
    @Test
    void evilAndEndlessNamesStayText() throws Exception {
        String evil = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&\u202eabc";
        String endless = "w".repeat(250);
        MadeNights made = new MadeNights();
        made.backup(0, evil, 4, evil, List.of(evil), MadeNights.disk(evil, "full", evil, 1, 1, 1));
        made.backup(0, endless, 4, endless, List.of(endless), MadeNights.disk(endless, "full", endless, 1, 1, 1));
        made.night(0, 4, 2, 2, List.of(evil, endless), MadeNights.step("proof", "done", evil, endless, Map.of()));
        see("names", made);
        assertEquals(
                0,
                browser.evaluate("document.querySelectorAll('script, img').length")
                        .asInt());
        assertFalse(
                browser.evaluate("document.body.innerText.includes('\\u202e')").asBoolean());
    }

    @Test
    void tenThousandMachinesAreShownWithinSeconds() throws Exception {
        Path page = write("many", MadeNights.quiet(10_000, 4));
        browser.open(page, 1280, 900);
        double millis = browser.evaluate("performance.getEntriesByType('navigation')[0].duration")
                .asDouble();
        assertTrue(millis < 10_000, millis + " ms");
        assertTrue(browser.evaluate(WIDTH).asInt() <= 1280);
        assertEquals(List.of(), browser.complaints);
    }

    /** The test itself: what a page does wrong is noticed. */
    @Test
    void whatAPageDoesWrongIsNoticed() throws Exception {
        Path page = temp.resolve("wrong.html");
        Files.writeString(
                page,
                "<!doctype html><img src=\"missing.png\"><p style=\"width:2000px\">x</p>"
                        + "<script>console.error('no')</script>");
        browser.open(page, 400, 900);
        assertTrue(browser.complaints.size() >= 2, "" + browser.complaints);
        assertEquals(2, browser.requests.size(), "" + browser.requests);
        assertTrue(browser.evaluate(WIDTH).asInt() >= 2000);
    }
}
