package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.Repository;
import io.varve.store.crypt.Argon2;
import io.varve.store.crypt.Credential;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.Manifest;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to operators every day: names, variables of scripts, editors' habits. */
class AccidentsTest {
    @TempDir
    Path temp;

    private Path repo;
    private Path disk;

    @BeforeEach
    void repositoryAndDisk() throws IOException {
        repo = temp.resolve("repo");
        disk = temp.resolve("disk.raw");
        Files.write(disk, content(1));
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
    }

    private static byte[] content(int seed) {
        byte[] content = new byte[300_000];
        new SplittableRandom(seed).nextBytes(content);
        return content;
    }

    private void backUp(String machine) {
        Cli.run("backup", "-r", repo, "--machine", machine, "d=" + disk).expect(ExitCode.DONE);
    }

    private void refused(String expected, Object... arguments) {
        Cli.Result result = Cli.run(arguments).expect(ExitCode.USAGE);
        assertTrue(result.err().contains(expected), result.err());
    }

    /** A commit without a backup, with any name a manifest may have. */
    private void commit(String machine) throws IOException {
        try (Repository repository = Repository.open(repo);
                WriteSession session = WriteSession.open(repository, "test", Duration.ZERO, notice -> {})) {
            Instant now = Instant.now();
            session.commit(new Manifest(
                    repository.config().repositoryId(),
                    machine,
                    Optional.empty(),
                    "host",
                    now,
                    now,
                    "offline",
                    List.of(),
                    List.of(),
                    "test",
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()));
        }
    }

    @Test
    void aPassphraseFileMayBeginWithAByteOrderMark() throws IOException {
        Path marked = Files.writeString(temp.resolve("bom"), "\uFEFFgeheim\r\n");
        Path plain = Files.writeString(temp.resolve("plain"), "geheim\n");
        Path utf16 = Files.write(temp.resolve("utf16"), "\uFEFFgeheim\r\n".getBytes(StandardCharsets.UTF_16LE));
        Path encrypted = temp.resolve("encrypted");
        Cli.run("init", "-r", encrypted, "--encrypt", "--password-file", marked).expect(ExitCode.DONE);
        for (Path file : List.of(marked, plain)) {
            Cli.run("backup", "-r", encrypted, "--machine", "m", "--password-file", file, disk)
                    .expect(ExitCode.DONE);
        }
        Cli.Result refused =
                Cli.run("snapshots", "-r", encrypted, "--password-file", utf16).expect(ExitCode.LOCKED);
        assertTrue(refused.err().contains("UTF-16"), refused.err());
        // As older builds made keys: the mark was part of the passphrase.
        try (Repository repository = Repository.open(encrypted);
                Credential old = Credential.passphrase("\uFEFFold".toCharArray())) {
            try (Credential first = Credential.passphrase("geheim".toCharArray())) {
                repository.unlock(first);
            }
            repository.keyRing().add(repository.keys().orElseThrow(), old, "old", new Argon2(8, 1, 1));
        }
        Path oldFile = Files.writeString(temp.resolve("old"), "\uFEFFold\n");
        Cli.run("snapshots", "-r", encrypted, "--password-file", oldFile).expect(ExitCode.DONE);
    }

    @Test
    void anEmptyVariableNamesNothing() throws IOException {
        backUp("m");
        for (String command : List.of("forget", "show", "protect", "cat")) {
            refused("empty name", command, "-r", repo, "");
        }
        refused("empty name", "restore", "-r", repo, " ", "--to", temp.resolve("x.raw"));
        refused("empty name", "cat", "-r", repo, "latest", "--disk", "");
        assertEquals(
                1,
                Cli.run("snapshots", "-r", repo, "--json")
                        .json()
                        .path("snapshots")
                        .size());
    }

    @Test
    void namesNearlyAsLongAsNamesMayBe() throws IOException {
        backUp("m");
        for (String name : List.of("v".repeat(241) + ".raw", "v".repeat(251) + ".raw", "ü".repeat(125) + ".raw")) {
            Path restored = temp.resolve(name);
            Cli.run("restore", "-r", repo, "latest", "--to", restored).expect(ExitCode.DONE);
            assertArrayEquals(content(1), Files.readAllBytes(restored));
        }
        Cli.run("export", "-r", repo, "latest", "--to", temp.resolve("e".repeat(255)))
                .expect(ExitCode.DONE);
    }

    @Test
    void aMachineMayBeCalledLikeAnEarlierSnapshotOfAnother() throws IOException {
        backUp("web");
        backUp("web");
        Files.write(disk, content(2));
        backUp("web~1");
        refused("could be machine 'web~1'", "show", "-r", repo, "latest:web~1");
        Path restored = temp.resolve("r.raw");
        Cli.run("restore", "-r", repo, "latest:web~1~0", "--to", restored).expect(ExitCode.DONE);
        assertArrayEquals(content(2), Files.readAllBytes(restored));
        backUp("db~7");
        Cli.run("show", "-r", repo, "latest:db~7").expect(ExitCode.DONE);
        refused("no snapshots of machine 'dv'", "show", "-r", repo, "latest:dv");
    }

    @Test
    void namesThatCannotBeSeenAreRefusedWhereTheyAreMadeAndEscapedWhereTheyAreShown() throws IOException {
        for (String name :
                List.of("", " ", "a\nb", "a\u001B[2Jb", "a\u202Eb", "a\u2066b", "a\u0000b", "x".repeat(256))) {
            refused("--machine", "backup", "-r", repo, "--machine", name, disk);
            if (!name.isEmpty() && name.indexOf('\0') < 0) {
                refused("name of a disk", "backup", "-r", repo, "--machine", "m", name + "=" + disk);
            }
        }
        backUp("Zürich 東京 a:b@c");
        for (String reference : List.of("latest:Zürich 東京 a:b@c", "latest:Zürich 東京 a:b@c~0")) {
            assertEquals(
                    "Zürich 東京 a:b@c",
                    Cli.run("show", "-r", repo, reference, "--json")
                            .expect(ExitCode.DONE)
                            .json()
                            .at("/snapshot/machine")
                            .asText());
        }
        refused("no snapshots of machine 'Zürich 東京 a'", "show", "-r", repo, "latest:Zürich 東京 a");
        String hostile = "evil\u001B[2J\u202Egnp\nforged line";
        commit(hostile);
        for (Cli.Result shown : List.of(
                Cli.run("snapshots", "-r", repo),
                Cli.run("show", "-r", repo, "latest"),
                Cli.run("forget", "-r", repo, "--keep-last", "5"),
                Cli.run("show", "-r", repo, "latest:" + hostile))) {
            shown.expect(ExitCode.DONE);
            String all = shown.out() + shown.err();
            assertFalse(all.contains("\u001B") || all.contains("\u202E"), all);
            assertTrue(all.lines().noneMatch(line -> line.startsWith("forged line")), all);
        }
        assertEquals(
                hostile,
                Cli.run("show", "-r", repo, "latest", "--json")
                        .json()
                        .at("/snapshot/machine")
                        .asText());
    }

    @Test
    void aTargetWhoseEndingPromisesAnotherFormatIsRefused() throws IOException {
        backUp("m");
        for (String ending : List.of("qcow2", "vmdk", "vdi", "raw.gz", "zip", "vhds")) {
            refused("--format raw", "restore", "-r", repo, "latest", "--to", temp.resolve("x." + ending));
            assertTrue(Files.notExists(temp.resolve("x." + ending)));
        }
        Cli.run("restore", "-r", repo, "latest", "--format", "raw", "--to", temp.resolve("x.qcow2"))
                .expect(ExitCode.DONE);
        Cli.Result unknown = Cli.run("restore", "-r", repo, "latest", "--to", temp.resolve("x.bin"))
                .expect(ExitCode.DONE);
        assertTrue(unknown.out().contains("x.bin (raw)"), unknown.out());
    }

    @Test
    void valuesThatMakeNoSense() {
        backUp("m");
        refused("2026-11-21T02:00:00Z", "backup", "-r", repo, "--machine", "m", "--time", "2026-01-01", disk);
        refused("'50X' is not a size", "backup", "-r", repo, "--machine", "m", "--read-rate", "50X", disk);
        refused("a number from 1 to 256, not 'abc'", "backup", "-r", repo, "--machine", "m", "--threads", "abc", disk);
        refused("past the end of the disk", "cat", "-r", repo, "latest", "--offset", "300001");
        refused(
                "from --offset 200000 there are 100000",
                "cat",
                "-r",
                repo,
                "latest",
                "--offset",
                200000,
                "--length",
                100001);
        for (String typo : List.of("--machin", "--machne", "--thread")) {
            refused("Unknown option: '" + typo + "'", "backup", "-r", repo, typo, "1", disk);
        }
        refused("--machine", "backup", "-r", repo, "--machin", "m", disk);
        refused("'--machine=NAME'", "backup", "-r", repo, disk);
        refused("'varve fsck'", "check", "-r", repo);
        refused("'varve gc'", "prune");
        refused("'varve snapshots'", "ls");
    }

    @Test
    void timesAreShownInTheZoneThatDecides() {
        for (String time : List.of("2026-10-24T22:30:00Z", "2026-10-25T22:30:00Z", "2026-10-25T23:30:00Z")) {
            Cli.run("backup", "-r", repo, "--machine", "m", "--time", time, disk)
                    .expect(ExitCode.DONE);
        }
        Cli.Result plan = Cli.run("forget", "-r", repo, "--keep-daily", 5, "--zone", "Europe/Berlin", "--dry-run")
                .expect(ExitCode.DONE);
        for (String line :
                plan.out().lines().filter(line -> line.contains("day ")).toList()) {
            String day = line.substring(line.indexOf("day ") + 4).strip();
            assertTrue(line.substring(0, line.indexOf("day ")).contains(day), plan.out());
        }
    }
}
