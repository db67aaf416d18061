package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What --dry-run shows is what the command then does, and until then nothing has changed. */
class DryRunTest {
    private static final int SIZE = 4 << 20;

    @TempDir
    Path temp;

    private Path repo;
    private Path disk;

    @BeforeEach
    void firstNight() throws IOException {
        repo = temp.resolve("repo");
        disk = temp.resolve("disk.raw");
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        byte[] content = new byte[SIZE];
        new SplittableRandom(1).nextBytes(content);
        Files.write(disk, content);
        backUp("--token", "1").expect(ExitCode.DONE);
    }

    private Cli.Result backUp(Object... more) {
        return Cli.run(Stream.concat(
                        Stream.of("backup", "-r", repo, "--machine", "m", "--audit", 50),
                        Stream.concat(Stream.of(more), Stream.of("system=" + disk)))
                .toArray());
    }

    /** All files of a directory with their sizes and times, but for the index, which is a cache. */
    private static Map<String, String> tree(Path root) throws IOException {
        Map<String, String> tree = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = root.relativize(file).toString();
                if (!name.startsWith("index") && !name.endsWith(".lock")) {
                    tree.put(name, Files.size(file) + " " + Files.getLastModifiedTime(file));
                }
            }
        }
        return tree;
    }

    private void change(long offset, int length) throws IOException {
        byte[] content = new byte[length];
        new SplittableRandom(offset).nextBytes(content);
        try (var channel = FileChannel.open(disk, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(content), offset);
        }
    }

    @Test
    void aBackupByItsChangeList() throws IOException {
        change(1 << 20, 65_536);
        Path list = Files.writeString(temp.resolve("list.json"), "[{\"offset\": 1048576, \"length\": 65536}]");
        Map<String, String> before = tree(repo);
        Object[] options = {"--since", "1", "--token", "2", "--changes", list};
        JsonNode plan = backUp(Stream.concat(Stream.of(options), Stream.of("--dry-run", "--json"))
                        .toArray())
                .expect(ExitCode.DONE)
                .json();
        assertEquals(before, tree(repo));
        JsonNode planned = plan.at("/plannedDisks/0");
        assertEquals("incremental", planned.path("mode").asText());
        assertEquals("system", planned.path("pairedDiskName").asText());
        assertEquals(65_536, planned.path("plannedReadBytes").asLong());
        assertEquals((SIZE - 65_536) / 2.0, planned.path("plannedAuditBytes").asDouble(), SIZE * 0.05);
        String text = backUp(Stream.concat(Stream.of(options), Stream.of("-n")).toArray())
                .expect(ExitCode.DONE)
                .out();
        assertTrue(text.contains("disk system: incremental (change list since '1')"), text);
        assertTrue(text.contains("dry run: nothing was stored"), text);
        JsonNode done = backUp(
                        Stream.concat(Stream.of(options), Stream.of("--json")).toArray())
                .expect(ExitCode.DONE)
                .json();
        assertEquals(65_536, done.at("/disks/0/changedBytes").asLong());
        assertEquals(planned.path("reason").asText(), done.at("/disks/0/reason").asText());
    }

    @Test
    void aBackupThatDemotesOrMissesADisk() throws IOException {
        Path list = Files.writeString(temp.resolve("list.json"), "[]");
        Map<String, String> before = tree(repo);
        Cli.Result plan = backUp("--since", "other", "--token", "2", "--changes", list, "--dry-run")
                .expect(ExitCode.WARNINGS);
        assertTrue(plan.out().contains("disk system: demoted"), plan.out());
        assertTrue(plan.out().contains("would read 4.0 MiB of 4.0 MiB"), plan.out());
        plan = Cli.run("backup", "-r", repo, "--machine", "m", "--dry-run", "other=" + disk)
                .expect(ExitCode.WARNINGS);
        assertTrue(plan.err().contains("system"), plan.err());
        assertEquals("[]", Cli.run("hold", "list", "-r", repo, "--json").json().path("holds") + "");
        assertEquals(before, tree(repo));
    }

    @Test
    void aCopyAndAnImport() throws IOException {
        change(2 << 20, 200_000);
        backUp("--token", "2").expect(ExitCode.DONE);
        Path other = temp.resolve("other");
        Cli.run("init", "-r", other).expect(ExitCode.DONE);
        Map<String, String> before = tree(other);
        JsonNode plan = copy(other, "--dry-run");
        assertTrue(plan.path("dryRun").asBoolean());
        assertEquals(before, tree(other));
        JsonNode done = copy(other);
        for (int i = 0; i < 2; i++) {
            JsonNode planned = plan.at("/copies/" + i);
            JsonNode copied = done.at("/copies/" + i);
            assertEquals("copied", planned.path("copyOutcome").asText());
            assertTrue(copied.path("newChunkCount").asLong() > 0);
            assertEquals(copied.path("newChunkCount"), planned.path("newChunkCount"));
            assertEquals(copied.path("storedBytes"), planned.path("storedBytes"));
        }
        // Only what is new since then.
        change(0, 65_536);
        backUp("--token", "3").expect(ExitCode.DONE);
        plan = copy(other, "--dry-run");
        assertEquals("there", plan.at("/copies/0/copyOutcome").asText());
        assertEquals(copy(other).at("/copies/2"), plan.at("/copies/2"));

        Path third = temp.resolve("third");
        Cli.run("init", "-r", third).expect(ExitCode.DONE);
        Path export = temp.resolve("export.varve");
        Cli.run("export", "-r", repo, "latest", "--to", export).expect(ExitCode.DONE);
        before = tree(third);
        Cli.Result imported = Cli.run("import", "-r", third, export, "-n").expect(ExitCode.DONE);
        assertTrue(imported.out().contains("would be copied, 65 chunks, 4"), imported.out());
        assertTrue(imported.out().contains("the export is intact"), imported.out());
        assertEquals(before, tree(third));
    }

    private JsonNode copy(Path other, Object... more) throws IOException {
        return Cli.run(Stream.concat(Stream.of("copy", "-r", repo, "--to", other, "--json"), Stream.of(more))
                        .toArray())
                .expect(ExitCode.DONE)
                .json();
    }

    @Test
    void betweenDifferentKeysItTellsAtMost() throws IOException {
        Path key = temp.resolve("key");
        Path other = temp.resolve("sealed");
        Cli.run("init", "-r", other, "--encrypt", "--new-key-file", key).expect(ExitCode.DONE);
        Cli.Result plan = Cli.run("copy", "-r", repo, "--to", other, "--to-key-file", key, "--dry-run")
                .expect(ExitCode.DONE);
        assertTrue(plan.out().contains("at most 65 chunks"), plan.out());
        assertTrue(plan.out().contains("dry run: would copy 1 of 1 snapshot"), plan.out());
    }

    @Test
    void aRestore() throws IOException {
        Path target = temp.resolve("out.vhdx");
        JsonNode plan = Cli.run("restore", "-r", repo, "latest", "--to", target, "--dry-run", "--json")
                .expect(ExitCode.DONE)
                .json();
        assertFalse(Files.exists(target));
        assertEquals("vhdx", plan.path("format").asText());
        assertEquals(SIZE, plan.path("sizeBytes").asLong());
        assertEquals(SIZE, plan.path("dataBytes").asLong());
        assertTrue(plan.path("freeBytes").asLong() > 0);
        // What the restore would refuse, the dry run refuses.
        Cli.run("restore", "-r", repo, "latest", "--to", temp.resolve("out.raw"), "--new-id", "-n")
                .expect(ExitCode.USAGE);
        Cli.run("restore", "-r", repo, "latest", "--to", disk, "-n").expect(ExitCode.USAGE);
        Cli.run("restore", "-r", repo, "latest", "--files", temp.resolve("files"), "-n")
                .expect(ExitCode.USAGE);
        Path small = Files.write(temp.resolve("small.raw"), new byte[1000]);
        Cli.run("restore", "-r", repo, "latest", "--to", small, "--in-place", "-n")
                .expect(ExitCode.TARGET_FAILED);
        byte[] old = new byte[SIZE];
        Path existing = Files.write(temp.resolve("existing.raw"), old);
        Cli.Result inPlace = Cli.run("restore", "-r", repo, "latest", "--to", existing, "--in-place", "-n")
                .expect(ExitCode.DONE);
        assertTrue(inPlace.out().contains("4.0 MiB, of which 4.0 MiB are not zeros"), inPlace.out());
        assertEquals(-1, Arrays.mismatch(old, Files.readAllBytes(existing)));
    }
}
