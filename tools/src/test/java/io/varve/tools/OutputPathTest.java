package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command that writes to a path judges a wrong one alike, and none writes into a repository. */
class OutputPathTest {
    @TempDir
    Path temp;

    private Path repo;
    private Path disk;
    private Path job;

    @BeforeEach
    void oneNight() throws IOException {
        repo = temp.resolve("repo");
        byte[] content = new byte[200_000];
        new SplittableRandom(1).nextBytes(content);
        disk = Files.write(temp.resolve("disk.raw"), content);
        Path configuration = Files.writeString(temp.resolve("vm.xml"), "<vm/>");
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        Cli.run("backup", "-r", repo, "--machine", "m", "--file", "vm=" + configuration, disk)
                .expect(ExitCode.DONE);
        job = Files.writeString(
                temp.resolve("job.yaml"),
                "repository: {path: " + repo + "}\nmachines: [{name: m, disks: [" + disk + "]}]\n");
    }

    /** Every command that makes a file, with the file at the end. */
    private List<List<Object>> writers() {
        return List.of(
                List.of("restore", "-r", repo, "latest", "--to"),
                List.of("export", "-r", repo, "latest", "--to"),
                List.of("report", "-r", repo, "--html"),
                List.of("report", "-r", repo, "--metrics-file"),
                List.of("nightly", job, "--metrics-file"));
    }

    private static Cli.Result run(List<Object> command, Path last, Object... more) {
        List<Object> words = new ArrayList<>(command);
        words.add(last);
        words.addAll(List.of(more));
        return Cli.run(words.toArray());
    }

    @Test
    void aDirectoryThatIsNotThereIsAWrongArgumentEverywhere() {
        for (List<Object> command : writers()) {
            Cli.Result result = run(command, temp.resolve("nowhere/x")).expect(ExitCode.USAGE);
            assertTrue(result.err().contains("nowhere: no such directory"), command + ": " + result.err());
        }
        run(List.of("restore", "-r", repo, "latest", "--files"), temp.resolve("nowhere/x"))
                .expect(ExitCode.USAGE);
    }

    @Test
    void aDirectoryInPlaceOfAFileIsAWrongArgumentEverywhere() throws IOException {
        Path directory = Files.createDirectory(temp.resolve("directory"));
        for (List<Object> command : writers()) {
            run(command, directory).expect(ExitCode.USAGE);
        }
    }

    @Test
    void aFileThatExistsIsReplacedOnlyWithForce() throws IOException {
        Path file = Files.writeString(temp.resolve("there"), "there");
        for (List<Object> command : writers().subList(0, 2)) {
            assertTrue(run(command, file).expect(ExitCode.USAGE).err().contains("--force"));
            assertEquals("there", Files.readString(file));
            run(command, file, "--force").expect(ExitCode.DONE);
            Files.writeString(file, "there");
        }
    }

    @Test
    void nothingIsWrittenIntoTheRepositoryAlsoThroughLinks() throws IOException {
        Path link = temp.resolve("link");
        Path elsewhere = temp.resolve("elsewhere");
        try {
            Files.createSymbolicLink(link, repo.resolve("packs"));
            Files.move(repo.resolve("holds"), elsewhere);
        } catch (java.nio.file.NoSuchFileException e) {
            Files.createDirectory(elsewhere); // no holds yet
        } catch (FileSystemException | UnsupportedOperationException e) {
            Assumptions.abort("no symbolic links here: " + e.getMessage());
        }
        Files.createSymbolicLink(repo.resolve("holds"), elsewhere);
        Set<Path> before = tree();
        for (Path inside : List.of(
                repo.resolve("x"), repo.resolve("snapshots/../packs/x"), link.resolve("x"), elsewhere.resolve("x"))) {
            for (List<Object> command : writers()) {
                Cli.Result result = run(command, inside).expect(ExitCode.USAGE);
                assertTrue(result.err().contains("lies in the repository"), command + ": " + result.err());
            }
            run(List.of("restore", "-r", repo, "latest", "--files"), inside).expect(ExitCode.USAGE);
        }
        Path config = repo.resolve("repository.json");
        run(List.of("restore", "-r", repo, "latest", "--in-place", "--force", "--to"), config)
                .expect(ExitCode.USAGE);
        for (Path key : List.of(repo.resolve("key"), link.resolve("key"))) {
            Cli.run("init", "-r", temp.resolve("other"), "--encrypt", "--new-key-file", key)
                    .expect(ExitCode.USAGE);
        }
        Cli.run("init", "-r", temp.resolve("other"), "--encrypt", "--new-key-file", temp.resolve("other/key"))
                .expect(ExitCode.USAGE);
        Cli.run("init", "-r", repo.resolve("packs/inner")).expect(ExitCode.USAGE);
        assertEquals(before, tree());
        assertFalse(Files.exists(temp.resolve("other")));
    }

    private Set<Path> tree() throws IOException {
        Set<Path> all = new TreeSet<>();
        try (var files = Files.walk(repo)) {
            files.filter(file -> !file.startsWith(repo.resolve("index"))).forEach(all::add);
        }
        return all;
    }

    @Test
    void theRepositoryIsNoSource() throws IOException {
        Path pack;
        try (var files = Files.walk(repo.resolve("packs"))) {
            pack = files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
        for (Path source : List.of(repo, pack)) {
            Cli.run("backup", "-r", repo, "--machine", "m", "d=" + source).expect(ExitCode.USAGE);
        }
    }

    /** In a repository, a file that is nothing of Varve's is damage; elsewhere, it is a wrong file. */
    @Test
    void aForeignFileIsDamageOnlyInARepository() throws IOException {
        for (String content : List.of("", "hello", "{", "{\"a\": 1}", "x".repeat(100))) {
            Path outside = Files.writeString(temp.resolve("foreign"), content);
            Cli.Result result = Cli.run("dump", outside).expect(ExitCode.SOURCE_FAILED);
            assertTrue(result.err().contains("expected"), result.err());
            Path inside = Files.writeString(repo.resolve("snapshots/foreign.json"), content);
            Cli.run("dump", inside).expect(ExitCode.REPOSITORY_DAMAGED);
        }
        Path copy = Files.copy(repo.resolve("repository.json"), temp.resolve("copy.json"));
        Cli.run("dump", copy).expect(ExitCode.DONE);
        Cli.run("dump", temp.resolve("nowhere")).expect(ExitCode.SOURCE_FAILED);
    }

    @Test
    void oneDiskUnderTwoPathsIsRefused() throws IOException {
        Path symbolic = temp.resolve("symbolic");
        Path hard = temp.resolve("hard");
        try {
            Files.createSymbolicLink(symbolic, disk);
            Files.createLink(hard, disk);
        } catch (FileSystemException | UnsupportedOperationException e) {
            Assumptions.abort("no links here: " + e.getMessage());
        }
        for (Path other : List.of(symbolic, hard, disk)) {
            Cli.Result result = Cli.run(
                            "backup", "-r", repo, "--machine", "n-" + other.getFileName(), "a=" + disk, "b=" + other)
                    .expect(ExitCode.USAGE);
            assertTrue(result.err().contains("are the same file or device"), result.err());
            assertTrue(result.err().contains(disk + ")") && result.err().contains(other + ")"), result.err());
        }
        String jobs = Cli.run("jobs", "-r", repo).expect(ExitCode.DONE).out();
        assertFalse(jobs.contains("n-"), "nothing was begun: " + jobs);
        Path copy = Files.copy(disk, temp.resolve("copy"));
        Cli.run("backup", "-r", repo, "--machine", "o", "a=" + disk, "b=" + copy)
                .expect(ExitCode.DONE);
    }
}
