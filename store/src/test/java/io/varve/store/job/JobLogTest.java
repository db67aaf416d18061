package io.varve.store.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.backend.MemoryBackend;
import io.varve.store.backend.WholeObject;
import io.varve.store.cache.RememberedLines;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was read is not read again, and no wrong clock makes pruning delete the records of the last 400 days. */
class JobLogTest {
    private static final Instant TODAY = Instant.parse("2026-11-29T02:00:00Z");

    private final Set<String> read = new TreeSet<>();
    private final MemoryBackend backend = new MemoryBackend() {
        @Override
        public void read(String name, long offset, ByteBuffer target) throws IOException {
            read.add(name);
            super.read(name, offset, target);
        }
    };
    private final JobLog log = new JobLog(backend);

    private final List<CorruptDataException> damaged = new ArrayList<>();

    private String job(Instant at) throws IOException {
        String id = log.begin(new JobStart("backup", "web", "host", 1, "test", at));
        log.end(id, new JobEnd(at, 0, Optional.empty(), Optional.empty(), List.of(), List.of(), 0));
        return id;
    }

    private String backup(Instant at, SnapshotId snapshot) throws IOException {
        String id = log.begin(new JobStart("backup", "web", "host", 1, "test", at));
        log.end(id, new JobEnd(at, 0, Optional.empty(), Optional.of(snapshot.text()), List.of(), List.of(), 0));
        return id;
    }

    /** As a new process does, with what earlier ones remembered. */
    private Map<SnapshotId, String> committed(Path memory) throws IOException {
        read.clear();
        return log.committed(new CommitMemory(memory), damaged::add);
    }

    private static String end(String job) {
        return JobLog.objectNames(job).get(1);
    }

    @Test
    void theEndOfAJobIsReadOnce(@TempDir Path home) throws IOException {
        Path memory = home.resolve("jobs").resolve("1.txt");
        SnapshotId first = new SnapshotId("20261128T020000Z-00000000");
        SnapshotId second = new SnapshotId("20261129T020000Z-00000000");
        String ago = backup(TODAY.minus(Duration.ofDays(1)), first);
        String without = job(TODAY.minus(Duration.ofHours(1)));
        String running = log.begin(new JobStart("backup", "web", "host", 1, "test", TODAY.plusSeconds(1)));
        assertEquals(Map.of(first, ago), committed(memory));
        assertEquals(Set.of(end(ago), end(without)), read);
        String now = backup(TODAY, second);
        assertEquals(
                List.of(Map.entry(second, now), Map.entry(first, ago)),
                List.copyOf(committed(memory).entrySet()));
        assertEquals(Set.of(end(now)), read);
        log.end(running, new JobEnd(TODAY, 5, Optional.of("no"), Optional.empty(), List.of(), List.of(), 0));
        backend.delete(end(ago));
        assertEquals(Map.of(second, now), committed(memory));
        assertEquals(Set.of(end(running)), read);
        assertEquals(Map.of(second, now), committed(memory));
        assertEquals(Set.of(), read);
        assertEquals(3, new CommitMemory(memory).read().size(), "the one whose record is gone is not kept");
    }

    @Test
    void aDamagedRecordOrMemoryCostsOnlyReading(@TempDir Path home) throws IOException {
        Path memory = home.resolve("jobs").resolve("1.txt");
        SnapshotId snapshot = new SnapshotId("20261129T020000Z-00000000");
        String job = backup(TODAY, snapshot);
        String torn = "20261129T030000Z-00000000";
        WholeObject.publish(backend, end(torn), new byte[] {'{'});
        assertEquals(Map.of(snapshot, job), committed(memory));
        assertEquals(Map.of(snapshot, job), committed(memory));
        assertEquals(2, damaged.size());
        assertEquals(end(torn), damaged.get(1).file());
        assertEquals(Set.of(end(torn)), read, "a damaged record may be repaired, so it is read each time");
        byte[] whole = Files.readAllBytes(memory);
        for (int cut = 0; cut < whole.length - 1; cut++) { // the last byte is a line feed
            Files.write(memory, Arrays.copyOf(whole, cut));
            assertEquals(Map.of(snapshot, job), committed(memory));
            assertEquals(Set.of(end(job), end(torn)), read, "cut at " + cut);
        }
        Files.delete(memory);
        new RememberedLines(memory).write(List.of("of another build"));
        assertEquals(Map.of(snapshot, job), committed(memory));
        assertEquals(Set.of(end(job), end(torn)), read);
        Files.delete(memory);
        Files.createDirectory(memory);
        assertEquals(Map.of(snapshot, job), committed(memory), "no room for a memory");
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
