package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.store.Repository;
import io.varve.store.cache.CacheDirectory;
import io.varve.store.job.JobStart;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
    @TempDir
    Path temp;

    private static Map<String, String> severities(JsonNode json) {
        Map<String, String> severities = new TreeMap<>();
        json.path("checks")
                .forEach(finding -> severities.merge(
                        finding.path("code").asText(),
                        finding.path("severity").asText(),
                        (one, other) -> one.equals("ok") ? other : one));
        return severities;
    }

    private static long files(Path directory) throws IOException {
        try (Stream<Path> tree = Files.walk(directory)) {
            return tree.filter(Files::isRegularFile).count();
        }
    }

    @Test
    void aSoundComputerAndRepositoryAndNothingIsLeft() throws IOException {
        Path repo = temp.resolve("repo");
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        Path disk = Files.writeString(temp.resolve("disk.raw"), "something");
        Cli.run("backup", "-r", repo, "--machine", "web", disk).expect(ExitCode.DONE);
        long before = files(repo);
        Cli.run("doctor").expect(ExitCode.DONE);
        long remembered = files(CacheDirectory.path().resolve("seen"));
        Map<String, String> severities =
                severities(Cli.run("doctor", "-r", repo, "--json").json());
        for (String code : new String[] {
            "backups",
            "cache",
            "clock",
            "clock-repository",
            "java",
            "libraries",
            "locks",
            "repository",
            "rights",
            "version"
        }) {
            assertEquals("ok", severities.get(code), code + " in " + severities);
        }
        assertEquals(before, files(repo));
        assertEquals(remembered, files(CacheDirectory.path().resolve("seen")));
    }

    @Test
    void whatIsWrongIsToldWithWhatToDo() throws IOException {
        Path repo = temp.resolve("repo");
        Path key = temp.resolve("key");
        Cli.run("init", "-r", repo, "--encrypt", "--new-key-file", key).expect(ExitCode.DONE);
        try (Repository open = Repository.open(repo)) {
            open.jobs()
                    .begin(new JobStart(
                            "backup", "web", "host", 1, "other", Instant.now().plus(Duration.ofDays(300))));
        }
        JsonNode json = Cli.run("doctor", "-r", repo, "--json")
                .expect(ExitCode.WARNINGS)
                .json();
        Map<String, String> severities = severities(json);
        assertEquals("warning", severities.get("clock-records"), "" + severities);
        assertEquals("warning", severities.get("backups"), "one dated in the future is no recent one: " + severities);
        assertEquals("warning", severities.get("keys"), "" + severities);
        json.path("checks")
                .forEach(finding -> assertTrue(
                        finding.path("severity").asText().equals("ok")
                                || !finding.path("advice").asText().isEmpty(),
                        finding.toString()));
        Map<String, String> none = severities(Cli.run("doctor", "-r", temp.resolve("none"), "--json")
                .expect(ExitCode.WARNINGS)
                .json());
        assertEquals("error", none.get("repository"));
    }
}
