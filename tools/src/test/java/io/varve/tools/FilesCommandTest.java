package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Configuration files: in with a backup, through whatever moves or deletes chunks, and out again. */
class FilesCommandTest {
    @TempDir
    Path temp;

    private Path repo;
    private Path disk;
    private Path key;

    /** By name in the snapshot. */
    private final Map<String, byte[]> files = new LinkedHashMap<>();

    private final List<Object> arguments = new ArrayList<>();

    @BeforeEach
    void makeFiles() throws IOException {
        repo = temp.resolve("repo");
        disk = temp.resolve("disk.raw");
        key = temp.resolve("key");
        Files.write(disk, new byte[1 << 20]); // of zeros: then packs hold pieces of files and nothing else
        file("machine.xml", "<vm/>".getBytes(StandardCharsets.UTF_8));
        file("empty", new byte[0]);
        file("zeros", new byte[200_001]);
        file("saved memory/state.vmrs", random(3_000_000, 1));
    }

    private void file(String name, byte[] content) throws IOException {
        Path path = temp.resolve("source-" + files.size());
        Files.write(path, content);
        files.put(name, content);
        arguments.addAll(List.of("--file", name + "=" + path));
    }

    private static byte[] random(int size, long seed) {
        byte[] content = new byte[size];
        new SplittableRandom(seed).nextBytes(content);
        return content;
    }

    @AfterEach
    void forgetWhatWasSeen() throws IOException {
        Cli.forgetWhatWasSeen(temp);
    }

    private Cli.Result run(List<?> before, List<?> after) {
        List<Object> all = new ArrayList<>(before);
        all.addAll(after);
        return Cli.run(all.toArray());
    }

    private Cli.Result backUp(Path repository, Object... more) {
        return run(
                Stream.concat(Stream.of("backup", "-r", repository, "--machine", "m"), Stream.of(more))
                        .toList(),
                Stream.concat(arguments.stream(), Stream.of("d=" + disk)).toList());
    }

    private Path init(String name, Object... more) {
        Path root = temp.resolve(name);
        run(List.of("init", "-r", root), List.of(more)).expect(ExitCode.DONE);
        return root;
    }

    private void assertRestores(Path repository, Object... more) throws IOException {
        Path out = temp.resolve("out-" + System.nanoTime());
        JsonNode json = run(List.of("restore", "-r", repository, "latest", "--files", out, "--json"), List.of(more))
                .expect(ExitCode.DONE)
                .json();
        assertEquals(files.size(), json.path("restoredFiles").size());
        for (JsonNode file : json.path("restoredFiles")) {
            byte[] wanted = files.get(file.path("name").asText());
            assertArrayEquals(
                    wanted, Files.readAllBytes(Path.of(file.path("target").asText())), "" + file);
            assertEquals(wanted.length, file.path("size").asInt());
        }
        try (Stream<Path> entries = Files.list(out)) {
            assertEquals(files.size(), entries.count());
        }
    }

    @Test
    void inAndOut() throws IOException {
        init("repo");
        backUp(repo).expect(ExitCode.DONE);
        assertRestores(repo);
        Cli.Result shown = Cli.run("show", "-r", repo, "latest").expect(ExitCode.DONE);
        assertTrue(shown.out().contains("machine.xml, 5 B"), shown.out());
        JsonNode json = Cli.run("show", "-r", repo, "latest", "--json")
                .expect(ExitCode.DONE)
                .json();
        assertEquals(3_000_000, json.at("/snapshot/files/3/size").asInt());
        long packs = bytes(repo.resolve("packs"));
        backUp(repo).expect(ExitCode.DONE);
        assertEquals(packs, bytes(repo.resolve("packs")), "what is there is not stored again");
        Cli.run("fsck", "-r", repo, "--deep").expect(ExitCode.DONE);
    }

    @Test
    void encryptedTheyAreSealed() throws IOException {
        file("secret", "the very secret configuration".repeat(10).getBytes(StandardCharsets.UTF_8));
        init("repo", "--encrypt", "--new-key-file", key);
        backUp(repo, "--key-file", key).expect(ExitCode.DONE);
        assertRestores(repo, "--key-file", key);
        Cli.run("restore", "-r", repo, "latest", "--files", temp.resolve("none"))
                .expect(ExitCode.LOCKED);
        Cli.run("fsck", "-r", repo, "--deep", "--key-file", key).expect(ExitCode.DONE);
        try (Stream<Path> tree = Files.walk(repo.resolve("packs"))) {
            for (Path pack : tree.filter(Files::isRegularFile).toList()) {
                String text = new String(Files.readAllBytes(pack), StandardCharsets.ISO_8859_1);
                assertFalse(text.contains("very secret"), pack.toString());
            }
        }
        Path clear = init("clear");
        Cli.run("copy", "-r", repo, "--to", clear, "--key-file", key, "--decrypt")
                .expect(ExitCode.DONE);
        assertRestores(clear);
        Cli.run("fsck", "-r", clear, "--deep").expect(ExitCode.DONE);
    }

    @Test
    void copiedAndExported() throws IOException {
        init("repo");
        backUp(repo).expect(ExitCode.DONE);
        Path copy = init("copy");
        Cli.run("copy", "-r", repo, "--to", copy).expect(ExitCode.DONE);
        assertRestores(copy);
        Path sealed = init("sealed", "--encrypt", "--new-key-file", key);
        Cli.run("copy", "-r", repo, "--to", sealed, "--to-key-file", key).expect(ExitCode.DONE);
        assertRestores(sealed, "--key-file", key);
        Cli.run("fsck", "-r", sealed, "--deep", "--key-file", key).expect(ExitCode.DONE);
        Path export = temp.resolve("night.varve");
        Cli.run("export", "-r", repo, "latest", "--to", export).expect(ExitCode.DONE);
        Path imported = init("imported");
        Cli.run("import", "-r", imported, export).expect(ExitCode.DONE);
        assertRestores(imported);
        Cli.run("fsck", "-r", imported, "--deep").expect(ExitCode.DONE);
    }

    @Test
    void collectionKeepsWhatASnapshotNeeds() throws IOException {
        init("repo");
        backUp(repo).expect(ExitCode.DONE);
        long needed = bytes(repo.resolve("packs"));
        Files.write(disk, random(5_000_000, 2));
        backUp(repo).expect(ExitCode.DONE);
        Files.write(disk, new byte[1 << 20]);
        backUp(repo).expect(ExitCode.WARNINGS); // the disk is empty all of a sudden
        releaseHolds();
        Cli.run("forget", "-r", repo, "latest~1").expect(ExitCode.DONE);
        Cli.run("gc", "-r", repo, "--max-waste", "0", "--max-delete", "100").expect(ExitCode.DONE);
        Cli.run("gc", "-r", repo, "--max-waste", "0", "--max-delete", "100").expect(ExitCode.DONE);
        long left = bytes(repo.resolve("packs"));
        assertTrue(left < needed + 500_000, "the disk's content is gone: " + left);
        assertRestores(repo);
        Cli.run("fsck", "-r", repo, "--deep").expect(ExitCode.DONE);
    }

    private void releaseHolds() throws IOException {
        try (Stream<Path> holds = Files.list(repo.resolve("holds"))) {
            for (Path hold : holds.toList()) {
                Files.delete(hold);
            }
        }
    }

    @Test
    void aDamagedFileIsLeftOutAndRepairedFromACopy() throws IOException {
        init("repo");
        backUp(repo).expect(ExitCode.DONE);
        backUp(repo).expect(ExitCode.DONE);
        Path copy = init("copy");
        Cli.run("copy", "-r", repo, "--to", copy).expect(ExitCode.DONE);
        damageLargestPack();
        Cli.run("fsck", "-r", repo, "--deep").expect(ExitCode.REPOSITORY_DAMAGED);
        Path out = temp.resolve("out");
        Cli.Result result =
                Cli.run("restore", "-r", repo, "latest", "--files", out).expect(ExitCode.REPOSITORY_DAMAGED);
        assertTrue(result.err().contains("state.vmrs"), result.err());
        assertArrayEquals(files.get("machine.xml"), Files.readAllBytes(out.resolve("machine.xml")));
        assertEquals(files.size() - 1, out.toFile().list().length, "never a part of a file");
        Cli.run("repair", "-r", repo, "--apply").expect(ExitCode.DONE);
        Cli.Result missing = Cli.run("fsck", "-r", repo).expect(ExitCode.REPOSITORY_DAMAGED);
        assertTrue(missing.out().contains("configuration file saved memory/state.vmrs"), missing.out());
        for (JsonNode snapshot :
                Cli.run("snapshots", "-r", repo, "--json").json().path("snapshots")) {
            String id = snapshot.path("id").asText();
            assertTrue(missing.out().contains("state.vmrs of " + id), "each that has lost it: " + missing.out());
        }
        Cli.run("repair", "-r", repo, "--apply", "--from", copy).expect(ExitCode.DONE);
        Cli.run("fsck", "-r", repo, "--deep").expect(ExitCode.DONE);
        assertRestores(repo);
    }

    private void damageLargestPack() throws IOException {
        try (Stream<Path> tree = Files.walk(repo.resolve("packs"))) {
            Path pack = tree.filter(Files::isRegularFile)
                    .max(java.util.Comparator.comparingLong(
                            path -> path.toFile().length()))
                    .orElseThrow();
            byte[] content = Files.readAllBytes(pack);
            content[content.length / 2] ^= 1;
            pack.toFile().setWritable(true);
            Files.write(pack, content);
        }
    }

    @Test
    void namesAreMadeSafe() throws IOException {
        file("../../escaped", new byte[] {1});
        file("/absolute", new byte[] {2});
        file("C:\\Windows\\con", new byte[] {3});
        file("CON.txt", new byte[] {4});
        file("..", new byte[] {5});
        file("Case", new byte[] {6});
        file("case", new byte[] {7});
        file("stream.txt:hidden", new byte[] {8});
        file("trailing. ", new byte[] {9});
        file("länge" + "ü".repeat(200), new byte[] {10});
        init("repo");
        backUp(repo).expect(ExitCode.DONE);
        assertRestores(repo);
        assertFalse(Files.exists(temp.resolve("escaped")));
    }

    @Test
    void whatIsThereIsNotReplacedUnasked() throws IOException {
        init("repo");
        backUp(repo).expect(ExitCode.DONE);
        Path out = Files.createDirectory(temp.resolve("out"));
        Files.write(out.resolve("machine.xml"), new byte[] {42});
        Cli.run("restore", "-r", repo, "latest", "--files", out).expect(ExitCode.TARGET_FAILED);
        assertArrayEquals(new byte[] {42}, Files.readAllBytes(out.resolve("machine.xml")));
        Cli.run("restore", "-r", repo, "latest", "--files", out, "--force").expect(ExitCode.DONE);
        assertArrayEquals(files.get("machine.xml"), Files.readAllBytes(out.resolve("machine.xml")));
    }

    @Test
    void wrongArguments() throws IOException {
        init("repo");
        backUp(repo).expect(ExitCode.DONE);
        Cli.run("restore", "-r", repo, "latest").expect(ExitCode.USAGE);
        Cli.run("restore", "-r", repo, "latest", "--files", temp.resolve("a"), "--to", temp.resolve("b"))
                .expect(ExitCode.USAGE);
        Cli.run("restore", "-r", repo, "latest", "--files", temp.resolve("no/such/place"))
                .expect(ExitCode.USAGE);
        for (String wrong : List.of("noequals", "=path", "a=" + temp.resolve("none"), "a=" + temp, "a\tb=" + disk)) {
            Cli.run("backup", "-r", repo, "--machine", "m", "--file", wrong, disk)
                    .expect(ExitCode.USAGE);
        }
        Cli.run("backup", "-r", repo, "--machine", "m", "--file", "a=" + disk, "--file", "a=" + disk, disk)
                .expect(ExitCode.USAGE);
    }

    private static long bytes(Path directory) throws IOException {
        try (Stream<Path> tree = Files.walk(directory)) {
            return tree.filter(Files::isRegularFile)
                    .mapToLong(path -> path.toFile().length())
                    .sum();
        }
    }
}
