package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Options that may stand on either side of the command. */
class LeadingOptionsTest {
    @TempDir
    Path temp;

    private Path repo;
    private Path disk;

    @BeforeEach
    void repositoryAndDisk() throws IOException {
        repo = temp.resolve("repo");
        disk = temp.resolve("disk.raw");
        byte[] content = new byte[1 << 20];
        new SplittableRandom(1).nextBytes(content);
        Files.write(disk, content);
        Cli.run("-r", repo, "init").expect(ExitCode.DONE);
    }

    @Test
    void theRepositoryStandsBeforeOrAfterTheCommand() {
        Cli.run("-r", repo, "backup", "--machine", "m", disk).expect(ExitCode.DONE);
        Cli.run("--repo=" + repo, "key", "list").expect(ExitCode.USAGE); // not encrypted, but found
        String before =
                Cli.run("--repo", repo, "snapshots").expect(ExitCode.DONE).out();
        assertEquals(
                before, Cli.run("snapshots", "-r", repo).expect(ExitCode.DONE).out());
        assertTrue(before.contains(" m "), before);
    }

    @Test
    void twoAreRefusedAndSoIsOneThatIsNotUsed() {
        Cli.Result twice = Cli.run("-r", repo, "snapshots", "-r", temp).expect(ExitCode.USAGE);
        assertTrue(twice.err().contains("-r is given twice: " + repo + " and " + temp), twice.err());
        Cli.Result unused =
                Cli.run("-r", repo, "nightly", temp.resolve("job.yaml")).expect(ExitCode.USAGE);
        assertTrue(unused.err().contains("'varve nightly' takes no -r"), unused.err());
        Cli.Result empty = Cli.run("-r", "", "snapshots").expect(ExitCode.USAGE);
        assertTrue(
                empty.err().contains("-r: expected a directory, s3://BUCKET/PREFIX or @NAME, found an empty name"),
                empty.err());
    }

    @Test
    void quietCommandsSayNothingThatWasNotAskedFor() throws IOException {
        Cli.Result backup =
                Cli.run("-q", "-r", repo, "backup", "--machine", "m", disk).expect(ExitCode.DONE);
        assertEquals("", backup.out() + backup.err());
        Cli.Result check = Cli.run("fsck", "-q", "-r", repo).expect(ExitCode.DONE);
        assertEquals("", check.out() + check.err());
        assertTrue(Cli.run("snapshots", "-r", repo, "-q").out().contains(" m "), "this was asked for");
        Cli.Result dry = Cli.run("-q", "gc", "-r", repo, "--dry-run").expect(ExitCode.DONE);
        assertFalse(dry.out().isEmpty(), "so was this");
        assertTrue(Cli.run("backup", "-q", "-r", repo, "--machine", "m", disk, "--json")
                .expect(ExitCode.DONE)
                .json()
                .has("snapshotId"));

        Files.write(disk, new byte[1 << 20]);
        Cli.Result zeros =
                Cli.run("-q", "backup", "-r", repo, "--machine", "m", disk).expect(ExitCode.WARNINGS);
        assertEquals("", zeros.out());
        assertTrue(
                zeros.err().lines().allMatch(line -> line.startsWith("WARNING: ") || line.startsWith("         ")),
                zeros.err());
        try (var packs = Files.walk(repo.resolve("packs"))) {
            Path pack = packs.filter(Files::isRegularFile).findFirst().orElseThrow();
            pack.toFile().setWritable(true);
            Files.write(pack, new byte[10]);
        }
        Cli.Result damaged = Cli.run("-q", "fsck", "-r", repo).expect(ExitCode.REPOSITORY_DAMAGED);
        assertTrue(damaged.out().contains("DAMAGED") && damaged.err().contains("varve: "), damaged.out());
    }

    @Test
    void verboseCommandsSayWhereThingsComeFrom() {
        Cli.Result all = Cli.run("-v", "snapshots", "-r", repo).expect(ExitCode.DONE);
        assertTrue(all.err().contains("· repository " + repo + ", from -r"), all.err());
        assertTrue(all.err().contains("· exit code 0, "), all.err());
        Cli.Result failed =
                Cli.run("snapshots", "-v", "-r", temp.resolve("none")).expect(ExitCode.USAGE);
        assertTrue(failed.err().contains("·   at ") || failed.err().contains("·     at "), failed.err());
        assertFalse(Cli.run("snapshots", "-r", temp.resolve("none")).err().contains("·"), "only then");
        Cli.Result both = Cli.run("-q", "snapshots", "-v", "-r", repo).expect(ExitCode.USAGE);
        assertTrue(both.err().contains("give --quiet or --verbose, not both"), both.err());
    }

    @Test
    void otherProgramsWordsAreKnownBehindOptionsToo() {
        Cli.Result other = Cli.run("-q", "-r", repo, "prune").expect(ExitCode.USAGE);
        assertTrue(other.err().contains("the command for that is 'varve gc'"), other.err());
    }
}
