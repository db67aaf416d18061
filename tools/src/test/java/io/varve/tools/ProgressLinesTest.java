package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --progress json} of each command that may take long. {@link Cli} holds every line against the schema. */
class ProgressLinesTest {
    private static final long SIZE = 3 << 20;

    @TempDir
    Path temp;

    private static List<JsonNode> lines(Object... arguments) {
        Object[] all = new Object[arguments.length + 2];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--progress";
        all[arguments.length + 1] = "json";
        return Cli.run(all)
                .expect(ExitCode.DONE)
                .err()
                .lines()
                .filter(line -> line.startsWith("{"))
                .map(ProgressLinesTest::parsed)
                .toList();
    }

    private static JsonNode parsed(String line) {
        try {
            return new JsonMapper().readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode last(String command, String phase, List<JsonNode> lines) {
        JsonNode found = lines.stream()
                .filter(line -> line.path("phase").asText().equals(phase)
                        && line.path("last").asBoolean())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no last line of " + phase + ": " + lines));
        assertEquals(command, found.path("command").asText());
        assertEquals(found.path("total").asLong(), found.path("done").asLong(), "" + found);
        return found;
    }

    @Test
    void eachLongCommandTellsHowFarItIs() throws IOException {
        Path repo = temp.resolve("repo");
        Path disk = temp.resolve("system.raw");
        byte[] content = new byte[(int) SIZE];
        new SplittableRandom(1).nextBytes(content);
        Files.write(disk, content);
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);

        JsonNode reading = last("backup", "reading", lines("backup", "-r", repo, "--machine", "web", disk));
        assertEquals("web", reading.path("machine").asText());
        assertEquals("system", reading.path("diskName").asText());
        assertEquals(SIZE, reading.path("done").asLong());

        Path restored = temp.resolve("restored.raw");
        JsonNode restoring =
                last("restore", "restoring", lines("restore", "-r", repo, "latest", "--to", restored, "--json"));
        assertEquals("bytes", restoring.path("unit").asText());
        last("fsck", "comparing", lines("fsck", "-r", repo, "--against", disk));
        assertFalse(lines("fsck", "-r", repo, "--deep").isEmpty());
        assertFalse(lines("gc", "-r", repo).isEmpty());
        assertEquals(
                "items",
                last("repair", "reading packs", lines("repair", "-r", repo))
                        .path("unit")
                        .asText());
        last("parity", "writing parity", lines("parity", "-r", repo, "--percent", "10"));

        Path other = temp.resolve("other");
        Cli.run("init", "-r", other).expect(ExitCode.DONE);
        JsonNode copying = last("copy", "copying", lines("copy", "-r", repo, "--to", other));
        assertEquals("web", copying.path("machine").asText());
        assertTrue(copying.path("snapshotId").asText().length() > 8, "" + copying);

        Path export = temp.resolve("x.varve");
        last("export", "writing packs", lines("export", "-r", repo, "latest", "--to", export));
        Path third = temp.resolve("third");
        Cli.run("init", "-r", third).expect(ExitCode.DONE);
        List<JsonNode> imported = lines("import", "-r", third, export);
        last("import", "verifying", imported);
        last("import", "importing", imported);
    }

    @Test
    void aNightTellsItOfEachMachineAndStep() throws IOException {
        Path repo = temp.resolve("repo");
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        Path other = temp.resolve("other");
        Cli.run("init", "-r", other).expect(ExitCode.DONE);
        byte[] content = new byte[(int) SIZE];
        new SplittableRandom(1).nextBytes(content);
        Files.write(temp.resolve("a.raw"), content);
        Files.write(temp.resolve("b.raw"), content);
        Path job = temp.resolve("job.yaml");
        Files.writeString(job, """
                repository: {path: %s}
                machines:
                  - {name: a, disks: [%s]}
                  - {name: b, disks: [%s]}
                copy: {path: %s}
                fsck: {deep: true}
                """.formatted(repo, temp.resolve("a.raw"), temp.resolve("b.raw"), other));
        List<JsonNode> lines = lines("nightly", job);
        List<String> machines = lines.stream()
                .filter(line -> line.path("phase").asText().equals("reading"))
                .map(line -> line.path("machine").asText())
                .sorted()
                .toList();
        assertEquals(List.of("a", "b"), machines);
        last("nightly", "copying", lines);
        assertTrue(lines.stream().allMatch(line -> line.path("command").asText().equals("nightly")), "" + lines);
    }

    /** A log of a short command has no progress, and JSON on standard output stays alone unless it is asked for. */
    @Test
    void nothingIsSaidUnlessAsked() throws IOException {
        Path repo = temp.resolve("repo");
        Path disk = temp.resolve("system.raw");
        Files.write(disk, new byte[(int) SIZE]);
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        for (List<String> options :
                List.of(List.<String>of(), List.of("--no-progress"), List.of("--progress", "none"))) {
            Object[] command = new Object[options.size() + 6];
            List<Object> words = List.of("backup", "-r", repo, "--machine", "m", disk);
            for (int i = 0; i < command.length; i++) {
                command[i] = i < 6 ? words.get(i) : options.get(i - 6);
            }
            assertEquals("", Cli.run(command).expect(ExitCode.DONE).err());
        }
        String err = Cli.run("fsck", "-r", repo, "--progress", "often")
                .expect(ExitCode.USAGE)
                .err();
        assertTrue(err.contains("auto") && err.contains("often"), err);
    }
}
