package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {
    @TempDir
    Path temp;

    @Test
    void whatRanHereIsInTheReport() throws IOException {
        Path repo = temp.resolve("repo");
        Path disk = Files.writeString(temp.resolve("disk.raw"), "something");
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        assertTrue(Cli.run("report", "-r", repo).expect(ExitCode.DONE).out().contains("no backups on record"));
        Cli.run("backup", "-r", repo, "--machine", "web", "system=" + disk).expect(ExitCode.DONE);
        Cli.run("backup", "-r", repo, "--machine", "db", "--format", "vhdx", "system=" + disk)
                .expect(ExitCode.SOURCE_FAILED);
        String text = Cli.run("report", "-r", repo).expect(ExitCode.DONE).out();
        assertTrue(text.contains("1 finding needs attention:"), text);
        assertTrue(text.contains("FAILED  db: "), text);
        JsonNode json =
                Cli.run("report", "-r", repo, "--json").expect(ExitCode.DONE).json();
        assertEquals("failed", json.path("hands").get(0).path("kind").asText());
        assertEquals(
                "first-backup",
                json.path("machineReports")
                        .get(1)
                        .path("diskReports")
                        .get(0)
                        .path("reason")
                        .asText());
        assertEquals(30, json.path("nights").size());
        Path page = temp.resolve("report.html");
        Files.writeString(page, "an older one");
        Cli.run("report", "-r", repo, "--html", page).expect(ExitCode.DONE);
        assertTrue(Files.readString(page).startsWith("<!doctype html>"));
        try (Stream<Path> files = Files.list(temp)) {
            assertEquals(
                    0, files.filter(file -> file.toString().endsWith(".part")).count());
        }
        Cli.run("report", "-r", repo, "--html", temp.resolve("none/report.html"))
                .expect(ExitCode.USAGE);
        Cli.run("report", "-r", repo, "--days", "0").expect(ExitCode.USAGE);
    }

    /** As those of a night; a damaged repository has no good check. */
    @Test
    void aCheckByHandIsOnRecord() throws IOException {
        Path repo = temp.resolve("repo");
        Path disk = Files.writeString(temp.resolve("disk.raw"), "something");
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        Cli.run("backup", "-r", repo, "--machine", "web", "system=" + disk).expect(ExitCode.DONE);
        assertTrue(lastCheck(repo).isMissingNode());
        Cli.run("fsck", "-r", repo, "--against", disk, "--snapshot", "latest", "--disk", "system")
                .expect(ExitCode.DONE);
        assertTrue(lastCheck(repo).isMissingNode(), "that compares a disk, and checks nothing else");
        Cli.run("fsck", "-r", repo).expect(ExitCode.DONE);
        assertTrue(lastCheck(repo).isMissingNode(), "that read no stored data");
        JsonNode structure = structureCheck(repo);
        assertTrue(structure.path("message").asText().contains("structure only"), structure::toString);
        String metrics = metrics(repo);
        assertTrue(metrics.contains("varve_fsck_structure_last_success_time_seconds{"), metrics);
        assertFalse(metrics.contains("varve_fsck_last_success_time_seconds{"), metrics);
        String text = Cli.run("report", "-r", repo).out();
        assertTrue(text.contains("fsck of stored data: none on record"), text);
        Cli.run("fsck", "-r", repo, "--read-data").expect(ExitCode.DONE);
        JsonNode good = lastCheck(repo);
        assertEquals("done", good.path("status").asText(), good::toString);
        assertTrue(good.path("message").asText().contains("2 packs read"), good::toString);
        String jobs = Cli.run("jobs", "-r", repo).expect(ExitCode.DONE).out();
        assertTrue(jobs.lines().anyMatch(line -> line.contains(" fsck ") && line.contains("done")), jobs);
        try (Stream<Path> files = Files.walk(repo.resolve("packs"))) {
            Files.delete(files.filter(Files::isRegularFile).findFirst().orElseThrow());
        }
        Cli.run("fsck", "-r", repo).expect(ExitCode.REPOSITORY_DAMAGED);
        assertEquals(good, lastCheck(repo), "the last good one");
        String hands = Cli.run("report", "-r", repo).out();
        assertTrue(hands.contains("fsck by hand: "), hands);
    }

    private String metrics(Path repo) throws IOException {
        Path file = temp.resolve("varve.prom");
        Cli.run("report", "-r", repo, "--metrics-file", file).expect(ExitCode.DONE);
        return Files.readString(file);
    }

    private static JsonNode structureCheck(Path repo) throws IOException {
        return Cli.run("report", "-r", repo, "--json")
                .expect(ExitCode.DONE)
                .json()
                .path("lastStructureFsck");
    }

    private static JsonNode lastCheck(Path repo) throws IOException {
        return Cli.run("report", "-r", repo, "--json")
                .expect(ExitCode.DONE)
                .json()
                .path("lastFsck");
    }
}
