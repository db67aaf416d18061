package io.varve.tools.nightly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.job.Job;
import io.varve.store.job.JobEnd;
import io.varve.store.job.JobStart;
import io.varve.store.job.NightRecord;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DueTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final JobFile.Schedule DAILY =
            new JobFile.Schedule(LocalTime.of(22, 0), EnumSet.allOf(DayOfWeek.class));

    private static Job night(String at, Optional<Integer> exitCode) {
        NightRecord.Step gc =
                new NightRecord.Step("gc", "done", Optional.empty(), Optional.empty(), "deleted nothing", 1, Map.of());
        return new Job(
                at,
                Optional.of(new JobStart("nightly", "", "host", 1, "test", Instant.parse(at), Optional.of("job"))),
                exitCode.map(code -> new JobEnd(
                        Instant.parse(at),
                        code,
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        0,
                        Optional.of(new NightRecord(1, 0, List.of(), 0, List.of(gc))))),
                Optional.empty());
    }

    private static boolean hasRun(String now, Job... jobs) {
        Instant moment = Instant.parse(now);
        return Due.hasRun(List.of(jobs), "job", Due.lastWanted(DAILY, BERLIN, moment), moment);
    }

    @Test
    void theLastWantedNightFollowsZoneAndDays() {
        Instant now = Instant.parse("2026-11-24T20:59:00Z"); // a Tuesday, 21:59 in Berlin
        assertEquals(Instant.parse("2026-11-23T21:00:00Z"), Due.lastWanted(DAILY, BERLIN, now));
        assertEquals(Instant.parse("2026-11-24T21:00:00Z"), Due.lastWanted(DAILY, BERLIN, now.plusSeconds(60)));
        JobFile.Schedule fridays = new JobFile.Schedule(LocalTime.of(22, 0), EnumSet.of(DayOfWeek.FRIDAY));
        assertEquals(Instant.parse("2026-11-20T21:00:00Z"), Due.lastWanted(fridays, BERLIN, now));
    }

    @Test
    void aNightThatEndedCountsAndOneThatWasKilledOrStoppedIsCaughtUp() {
        assertFalse(hasRun("2026-11-24T08:00:00Z"));
        assertTrue(hasRun("2026-11-24T08:00:00Z", night("2026-11-23T21:00:05Z", Optional.of(0))));
        assertTrue(hasRun("2026-11-24T08:00:00Z", night("2026-11-24T03:00:00Z", Optional.of(4))));
        assertFalse(hasRun("2026-11-24T08:00:00Z", night("2026-11-22T21:00:05Z", Optional.of(0))), "the one before");
        assertFalse(hasRun("2026-11-24T08:00:00Z", night("2026-11-23T21:00:05Z", Optional.empty())), "killed");
        assertFalse(hasRun("2026-11-24T08:00:00Z", night("2026-11-23T21:00:05Z", Optional.of(130))), "stopped");
    }

    @Test
    void aRecordOfTheFutureStopsNoNight() {
        assertFalse(hasRun("2026-11-24T08:00:00Z", night("2031-01-01T00:00:00Z", Optional.of(0))));
        Instant now = Instant.parse("2026-11-24T08:00:00Z");
        assertTrue(Due.isDue(
                "gc", Optional.of(Duration.ofDays(7)), List.of(night("2031-01-01T00:00:00Z", Optional.of(0))), now));
    }

    @Test
    void aStepIsDueAfterItsTimeWithSomeGrace() {
        List<Job> jobs = List.of(night("2026-11-17T21:00:00Z", Optional.of(0)));
        assertFalse(Due.isDue("gc", Optional.of(Duration.ofDays(7)), jobs, Instant.parse("2026-11-23T21:00:00Z")));
        assertTrue(Due.isDue("gc", Optional.of(Duration.ofDays(7)), jobs, Instant.parse("2026-11-24T20:00:00Z")));
        assertTrue(Due.isDue("fsck", Optional.of(Duration.ofDays(7)), jobs, Instant.parse("2026-11-18T21:00:00Z")));
        assertTrue(Due.isDue("gc", Optional.empty(), jobs, Instant.parse("2026-11-17T21:00:01Z")));
    }

    @Test
    void theWindowMayCrossMidnight() {
        Optional<JobFile.Window> window =
                Optional.of(new JobFile.Window(Optional.of(LocalTime.of(21, 0)), LocalTime.of(6, 0)));
        ZoneId utc = ZoneId.of("UTC");
        assertTrue(Due.isOpen(window, utc, Instant.parse("2026-11-24T23:00:00Z")));
        assertTrue(Due.isOpen(window, utc, Instant.parse("2026-11-24T05:59:00Z")));
        assertFalse(Due.isOpen(window, utc, Instant.parse("2026-11-24T06:00:00Z")));
        assertEquals(Optional.of(Duration.ofHours(7)), Due.left(window, utc, Instant.parse("2026-11-24T23:00:00Z")));
        assertEquals(Optional.of(Duration.ofHours(23)), Due.left(window, utc, Instant.parse("2026-11-24T07:00:00Z")));
    }
}
