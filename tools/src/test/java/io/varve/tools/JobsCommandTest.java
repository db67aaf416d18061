package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.store.Repository;
import io.varve.store.coordination.HostName;
import io.varve.store.job.JobLog;
import io.varve.store.job.JobStart;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobsCommandTest {
    @TempDir
    Path temp;

    private Path repo;
    private Path disk;

    @BeforeEach
    void init() throws IOException {
        repo = temp.resolve("repo");
        disk = Files.write(temp.resolve("disk.raw"), new byte[100_000]);
        Files.writeString(disk, "something");
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
    }

    private JsonNode jobs(Object... more) throws IOException {
        List<Object> arguments = new ArrayList<>(List.of("jobs", "-r", repo, "--json"));
        arguments.addAll(List.of(more));
        return Cli.run(arguments.toArray()).expect(ExitCode.DONE).json().path("jobs");
    }

    @Test
    void whatWasDoneFailedOrWasKilledIsListed() throws IOException {
        assertTrue(Cli.run("jobs", "-r", repo).expect(ExitCode.DONE).out().contains("no jobs"));
        Instant before = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        Cli.run("backup", "-r", repo, "--machine", "web", "system=" + disk).expect(ExitCode.DONE);
        Cli.run("backup", "-r", repo, "--machine", "web", "--format", "vhdx", "system=" + disk)
                .expect(ExitCode.SOURCE_FAILED);
        try (Repository open = Repository.open(repo)) {
            // A process of this number is not there.
            open.jobs()
                    .begin(new JobStart(
                            "backup",
                            "db",
                            HostName.get(),
                            Integer.MAX_VALUE - 1,
                            "test",
                            Instant.parse("2099-01-01T00:00:00Z")));
        }
        JsonNode all = jobs();
        assertEquals(3, all.size());
        assertEquals("killed", all.get(0).path("status").asText());
        JsonNode done = jobs("--machine", "web").get(1);
        JsonNode failed = jobs("--machine", "web").get(0);
        if (done.path("exitCode").asInt() != 0) { // both began in one second
            JsonNode other = done;
            done = failed;
            failed = other;
        }
        assertEquals("done", done.path("status").asText());
        assertEquals("system", done.path("jobDisks").get(0).path("name").asText());
        assertEquals("full", done.path("jobDisks").get(0).path("mode").asText());
        checkCounters(done.path("jobDisks").get(0));
        checkTimes(before, done);
        checkTimes(before, failed);
        assertEquals(0, done.path("warningCount").asInt());
        assertEquals(0, done.path("exitCode").asInt());
        assertEquals("backup", done.path("command").asText());
        assertEquals(ExitCode.SOURCE_FAILED.code(), failed.path("exitCode").asInt());
        assertFalse(done.path("snapshotId").asText().isEmpty());
        assertEquals("source-failed", failed.path("status").asText());
        assertTrue(failed.path("error").asText().contains("disk.raw"), failed::toString);
        assertTrue(failed.path("snapshotId").isMissingNode());
        assertEquals(1, jobs("--last", "1").size());
        Cli.Result text = Cli.run("jobs", "-r", repo).expect(ExitCode.DONE);
        assertTrue(text.out().contains("killed") && text.out().contains("source-failed"), text.out());
        Cli.run("fsck", "-r", repo, "--deep").expect(ExitCode.DONE);
    }

    /** Of a first backup of nine bytes. */
    private static void checkCounters(JsonNode entry) {
        assertEquals(9, entry.path("size").asInt());
        assertTrue(entry.path("reason").asText().contains("first"), entry::toString);
        assertEquals(9, entry.path("changedBytes").asInt());
        assertEquals(9, entry.path("readBytes").asInt());
        assertTrue(entry.path("storedBytes").asInt() > 0, entry::toString);
        assertTrue(
                entry.path("seconds").asDouble() >= 0 && entry.path("seconds").asDouble() < 60, entry::toString);
    }

    private static void checkTimes(Instant before, JsonNode job) {
        Instant started = Instant.parse(job.path("startedAt").asText());
        Instant ended = Instant.parse(job.path("endedAt").asText());
        assertFalse(started.isBefore(before), job::toString);
        assertFalse(ended.isBefore(started), job::toString);
        assertFalse(ended.isAfter(Instant.now()), job::toString);
    }

    @Test
    void itsWarningsAreOnRecord() throws IOException {
        Path copy = Files.copy(disk, temp.resolve("other.raw"));
        Cli.run("backup", "-r", repo, "--machine", "web", "system=" + disk, "data=" + copy)
                .expect(ExitCode.DONE);
        Cli.Result second = Cli.run("backup", "-r", repo, "--machine", "web", "system=" + disk);
        assertEquals(ExitCode.WARNINGS.code(), second.code(), second::toString);
        JsonNode newest = jobs().get(0);
        JsonNode warned = newest.path("warningCount").asInt() > 0 ? newest : jobs().get(1);
        assertEquals(1, warned.path("warningCount").asInt(), warned::toString);
        assertTrue(warned.path("warnings").get(0).path("text").asText().contains("data"), warned::toString);
        assertEquals(ExitCode.WARNINGS.code(), warned.path("exitCode").asInt());
    }

    @Test
    void aDamagedRecordIsToldAndStopsNothing() throws IOException {
        Cli.run("backup", "-r", repo, "--machine", "web", "system=" + disk).expect(ExitCode.DONE);
        try (var records = Files.list(repo.resolve("jobs"))) {
            for (Path record : records.toList()) {
                Files.writeString(record, "{}");
            }
        }
        Cli.Result listed = Cli.run("jobs", "-r", repo).expect(ExitCode.WARNINGS);
        assertTrue(listed.err().contains("jobs/"), listed.err());
        Cli.run("backup", "-r", repo, "--machine", "web", "system=" + disk).expect(ExitCode.DONE);
        Cli.Result checked = Cli.run("fsck", "-r", repo).expect(ExitCode.WARNINGS);
        assertTrue((checked.out() + checked.err()).contains("job-record-damaged"), checked.out());
    }

    @Test
    void oldRecordsGoWithTheNextBackup() throws IOException {
        try (Repository open = Repository.open(repo)) {
            for (int ago = 1; ago <= JobLog.KEPT_DAYS; ago++) {
                Instant at = Instant.now().minus(Duration.ofDays(ago));
                String machine = ago == JobLog.KEPT_DAYS ? "old" : "other";
                open.jobs().begin(new JobStart("backup", machine, "host", 1, "test", at));
            }
            assertEquals(1, open.jobs().newest(Optional.of("old"), 10).size());
        }
        Cli.run("backup", "-r", repo, "--machine", "web", "system=" + disk).expect(ExitCode.DONE);
        try (Repository open = Repository.open(repo)) {
            assertEquals(0, open.jobs().newest(Optional.of("old"), 10).size());
            assertEquals(
                    JobLog.KEPT_DAYS,
                    open.jobs().newest(Optional.empty(), 1_000).size());
        }
    }
}
