package io.varve.store.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.backend.MemoryBackend;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** No wrong clock makes pruning delete the records of the last 400 days. */
class JobLogTest {
    private static final Instant TODAY = Instant.parse("2026-11-29T02:00:00Z");

    private final MemoryBackend backend = new MemoryBackend();
    private final JobLog log = new JobLog(backend);

    private String job(Instant at) throws IOException {
        String id = log.begin(new JobStart("backup", "web", "host", 1, "test", at));
        log.end(id, new JobEnd(at, 0, Optional.empty(), Optional.empty(), List.of(), List.of(), 0));
        return id;
    }

    private void nights(int days) throws IOException {
        for (int ago = days - 1; ago >= 0; ago--) {
            job(TODAY.minus(Duration.ofDays(ago)));
        }
    }

    private List<String> ids() throws IOException {
        return log.newest(Optional.empty(), 10_000).stream().map(Job::id).toList();
    }

    /** How many of the last so many real nights are on record. */
    private int on(int days) throws IOException {
        Instant first = TODAY.minus(Duration.ofDays(days - 1L));
        return (int) log.since(first, 10_000).stream()
                .filter(job -> !job.start().orElseThrow().startedAt().isAfter(TODAY))
                .count();
    }

    @Test
    void recordsBeforeTheNewestDaysGoBothOfEachJob() throws IOException {
        nights(JobLog.KEPT_DAYS + 3);
        job(TODAY.plusSeconds(60)); // two on a day are one day
        assertEquals(3, log.prune());
        assertEquals(JobLog.KEPT_DAYS + 1, ids().size());
        int[] objects = new int[1];
        backend.list("jobs", (name, size) -> objects[0]++);
        assertEquals(2 * (JobLog.KEPT_DAYS + 1), objects[0]);
        assertEquals(0, log.prune());
    }

    @Test
    void aClockAheadDeletesNothingOfTheLast400Days() throws IOException {
        nights(400);
        Instant wrong = Instant.parse("2031-01-01T02:00:00Z");
        for (int night = 0; night < JobLog.SPARE_DAYS; night++) {
            for (int machine = 0; machine < 10; machine++) {
                job(wrong.plus(Duration.ofDays(night)).plusSeconds(machine));
            }
            assertEquals(0, log.prune());
        }
        assertEquals(400, on(400));
    }

    @Test
    void aClockThatIsAheadForYearsTakesOldDaysOneByOne() throws IOException {
        nights(JobLog.KEPT_DAYS);
        for (int night = 1; night <= 100; night++) {
            job(Instant.parse("2031-01-01T02:00:00Z").plus(Duration.ofDays(night)));
            assertEquals(1, log.prune());
        }
        assertEquals(JobLog.KEPT_DAYS - 100, on(400));
    }

    @Test
    void recordsOfAClockAheadDoNotStopPruning() throws IOException {
        job(Instant.parse("2031-01-01T02:00:00Z"));
        nights(JobLog.KEPT_DAYS + 3);
        assertEquals(4, log.prune());
        assertEquals(JobLog.KEPT_DAYS, ids().size());
    }

    @Test
    void recordsOfAClockBehindAreKept() throws IOException {
        nights(JobLog.KEPT_DAYS + 3);
        String reset = job(Instant.parse("2001-01-01T00:00:10Z"));
        String second = job(Instant.parse("2001-01-02T00:00:10Z"));
        assertEquals(3, log.prune());
        assertTrue(ids().containsAll(List.of(reset, second)));
        assertEquals(400, on(400));
    }

    @Test
    void aNameWithoutADateStays() throws IOException {
        nights(JobLog.KEPT_DAYS);
        String name = "jobs/00000000T000000Z-00000000.start.json";
        backend.put(name, new byte[1]);
        assertEquals(0, log.prune());
        assertTrue(backend.exists(name));
    }
}
