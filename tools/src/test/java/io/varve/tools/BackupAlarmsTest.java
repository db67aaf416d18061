package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.store.Repository;
import io.varve.store.job.JobEnd;
import io.varve.store.job.JobLog;
import io.varve.store.job.JobStart;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup without a nightly job raises the same alarms, in the same words, and holds. */
class BackupAlarmsTest {
    private static final long MIB = 1 << 20;

    @TempDir
    Path temp;

    private Path repo;
    private Path disk;

    @BeforeEach
    void init() throws IOException {
        repo = temp.resolve("repo");
        disk = temp.resolve("disk.raw");
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
    }

    @Test
    void twoDemotionsInARow() throws IOException {
        Files.write(disk, new byte[] {1, 2, 3});
        Path list = Files.writeString(temp.resolve("list.json"), "[]");
        for (int night = 0; night < 4; night++) {
            Cli.Result result = Cli.run(
                            "backup",
                            "-r",
                            repo,
                            "--machine",
                            "m",
                            "--since",
                            "x",
                            "--token",
                            "t" + night,
                            "--changes",
                            list,
                            "d=" + disk)
                    .expect(ExitCode.WARNINGS);
            assertEquals(night > 0, result.err().contains("[demoted-twice]"), result.err());
            // Once: whoever releases the hold knows the reason.
            assertEquals(night == 1, result.err().contains("keeps all snapshots of machine m"), result.err());
        }
        JsonNode holds = Cli.run("hold", "list", "-r", repo, "--json").json().path("holds");
        assertEquals(1, holds.size());
        assertEquals("demoted-twice", holds.at("/0/code").asText());
        JsonNode jobs = Cli.run("jobs", "-r", repo, "--last", 1, "--json").json();
        assertTrue(jobs.toString().contains("demoted-twice"), jobs.toString());
        Cli.run("forget", "-r", repo, "--keep-last", 1).expect(ExitCode.WARNINGS);
        assertEquals(
                4,
                Cli.run("snapshots", "-r", repo, "--json")
                        .json()
                        .path("snapshots")
                        .size());
    }

    /** Records of other machines and of a damaged disk do not count. */
    @Test
    void contentThatNoLongerCompresses() throws IOException {
        try (Repository repository = Repository.open(repo)) {
            for (int ago = 20; ago > 0; ago--) {
                record(repository.jobs(), ago, "m", MIB * 70, MIB * 35);
                record(repository.jobs(), ago, "other", MIB * 70, MIB * 70);
            }
        }
        byte[] sealed = new byte[(int) (70 * MIB)];
        new SplittableRandom(1).nextBytes(sealed);
        Files.write(disk, sealed);
        Cli.Result result =
                Cli.run("backup", "-r", repo, "--machine", "m", "d=" + disk).expect(ExitCode.WARNINGS);
        assertTrue(
                result.err().contains("70.0 MiB of new content hardly compress (to 100 %, usually 50 %)"),
                result.err());
        assertTrue(result.err().contains("[content-incompressible]"), result.err());
        Cli.run("backup", "-r", repo, "--machine", "other", "d=" + disk).expect(ExitCode.DONE);
        JsonNode holds = Cli.run("hold", "list", "-r", repo, "--json").json().path("holds");
        assertEquals(1, holds.size());
        assertEquals("m", holds.at("/0/machine").asText());
    }

    private static void record(JobLog log, int daysAgo, String machine, long added, long stored) throws IOException {
        Instant at = Instant.now().minus(Duration.ofDays(daysAgo));
        String id = log.begin(new JobStart("backup", machine, "host", 1, "test", at, Optional.empty()));
        JobEnd.JobDisk night = new JobEnd.JobDisk(
                "d",
                "full",
                "no-change-list",
                2 * added,
                added,
                added,
                stored,
                1,
                OptionalLong.of(added),
                OptionalLong.of(0));
        log.end(
                id,
                new JobEnd(
                        at.plusSeconds(60),
                        0,
                        Optional.empty(),
                        Optional.of("s"),
                        List.of(night),
                        List.of(),
                        0,
                        Optional.empty()));
    }
}
