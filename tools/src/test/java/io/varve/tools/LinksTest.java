package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Symbolic links, pipes and leftovers in a repository, as whoever can write into it can put them there. */
class LinksTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String ID = "0b7e8d52-5b5c-4c0e-8a63-7d1b0a0f3c11";

    /** Commands that look, and change nothing of what is stored. */
    private static final List<List<String>> LOOKING = List.of(
            List.of("snapshots"),
            List.of("show", "latest"),
            List.of("stats"),
            List.of("fsck"),
            List.of("fsck", "--read-data"),
            List.of("gc", "--dry-run"),
            List.of("repair"),
            List.of("diff", "latest~1", "latest"),
            List.of("cat", "latest", "--length", "64KiB"),
            List.of("forget", "--keep-last", "1", "--dry-run"));

    @TempDir
    Path temp;

    private Path repo;
    private Path disk;
    private byte[] content;

    @BeforeEach
    void twoNights() throws IOException {
        repo = temp.resolve("repo");
        disk = temp.resolve("disk.raw");
        content = new byte[1 << 20];
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        for (int night = 0; night < 2; night++) {
            new SplittableRandom(night).nextBytes(content);
            Files.write(disk, content);
            backup().expect(ExitCode.DONE);
        }
    }

    @AfterEach
    void forget() throws IOException {
        Cli.forgetWhatWasSeen(temp);
    }

    private Cli.Result backup() {
        return Cli.run("backup", "-r", repo, "--machine", "m", disk);
    }

    private Cli.Result run(List<String> command) {
        List<String> words = new java.util.ArrayList<>(command);
        words.add(1, "-r");
        words.add(2, repo.toString());
        return assertTimeoutPreemptively(LONG, () -> Cli.run(words.toArray()), () -> command + " hangs");
    }

    private static void link(Path link, Path target) throws IOException {
        try {
            Files.createSymbolicLink(link, target);
        } catch (FileSystemException | UnsupportedOperationException e) {
            Assumptions.abort("skipped: no symbolic links here: " + e.getMessage());
        }
    }

    private static void pipe(Path file) throws Exception {
        Files.deleteIfExists(file);
        Process made;
        try {
            made = new ProcessBuilder("mkfifo", file.toString()).start();
        } catch (IOException e) {
            Assumptions.abort("skipped: no mkfifo here");
            return;
        }
        assertEquals(0, made.waitFor());
    }

    private Set<String> names() throws IOException {
        Set<String> names = new TreeSet<>();
        try (var tree = Files.walk(repo)) {
            tree.filter(path -> !path.startsWith(repo.resolve("index")) && !path.startsWith(repo.resolve("checks")))
                    .forEach(path -> names.add(repo.relativize(path).toString()));
        }
        return names;
    }

    @Test
    void whoLooksDeletesNothing() throws IOException {
        Path tmp = Files.createDirectories(repo.resolve("tmp").resolve(ID));
        Files.writeString(tmp.resolve(ID), "left by a crash");
        Files.writeString(tmp.resolveSibling(ID + ".lock"), "");
        Files.writeString(repo.resolve("sessions").resolve(ID + ".json"), "{}");
        Cli.run("gc", "-r", repo, "--dry-run"); // makes lock files once
        Set<String> before = names();
        for (List<String> command : LOOKING) {
            run(command);
            Set<String> after = names();
            assertTrue(after.containsAll(before), () -> command + " deleted something of " + before);
        }
        backup().expect(ExitCode.DONE);
        assertFalse(Files.exists(tmp), "the next writer clears it");
    }

    @Test
    void nothingIsDeletedBehindALink() throws IOException {
        Path victim = Files.createDirectories(temp.resolve("victim/sub"));
        Files.writeString(victim.resolve("file"), "dear to somebody");
        Files.createDirectories(repo.resolve("tmp"));
        link(repo.resolve("tmp/x"), victim.getParent());
        link(repo.resolve("tmp").resolve(ID), victim.getParent());
        for (List<String> command : LOOKING) {
            run(command);
        }
        backup().expect(ExitCode.DONE);
        run(List.of("gc", "--max-delete", "100")).expect(ExitCode.DONE);
        run(List.of("repair", "--apply")).expect(ExitCode.DONE);
        assertEquals("dear to somebody", Files.readString(victim.resolve("file")));
    }

    @Test
    void aDirectoryAtTheTopMayBeALink() throws IOException {
        Cli.run("protect", "-r", repo, "latest").expect(ExitCode.DONE);
        run(List.of("parity", "--percent", "10")).expect(ExitCode.DONE);
        for (String top : List.of(
                "packs",
                "snapshots",
                "sessions",
                "trash",
                "forgotten",
                "protected",
                "holds",
                "jobs",
                "checks",
                "parity",
                "quarantine")) {
            Files.createDirectories(repo.resolve(top));
            Path elsewhere = temp.resolve("elsewhere-" + top);
            Files.move(repo.resolve(top), elsewhere);
            link(repo.resolve(top), elsewhere);
        }
        assertTrue(run(List.of("fsck", "--deep")).expect(ExitCode.DONE).out().contains("clean"));
        new SplittableRandom(7).nextBytes(content);
        Files.write(disk, content);
        backup().expect(ExitCode.DONE);
        assertTrue(run(List.of("fsck", "--deep")).expect(ExitCode.DONE).out().contains("clean"));
        run(List.of("forget", "--keep-last", "1")).expect(ExitCode.DONE);
        run(List.of("gc", "--max-delete", "100")).expect(ExitCode.DONE);
        run(List.of("gc", "--max-delete", "100")).expect(ExitCode.DONE);
        run(List.of("repair", "--apply")).expect(ExitCode.DONE);
        run(List.of("rebuild-index")).expect(ExitCode.DONE);
        Path back = temp.resolve("back.raw");
        run(List.of("restore", "latest", "--to", back.toString())).expect(ExitCode.DONE);
        assertArrayEquals(content, Files.readAllBytes(back));
        assertTrue(Files.isSymbolicLink(repo.resolve("packs")));
        assertTrue(Files.isSymbolicLink(repo.resolve("trash")));
    }

    /** As after a reboot in which the disk was not mounted: that is not an empty repository. */
    @Test
    void aTopDirectoryThatLeadsToNothingIsNoEmptyOne() throws IOException {
        Path elsewhere = temp.resolve("elsewhere");
        Files.move(repo.resolve("snapshots"), elsewhere);
        link(repo.resolve("snapshots"), temp.resolve("not mounted"));
        for (List<String> command : List.of(
                List.of("snapshots"), List.of("gc"), List.of("fsck"), List.of("backup", "--machine", "m", "" + disk))) {
            Cli.Result result = run(command).expect(ExitCode.TARGET_FAILED);
            assertTrue(result.err().contains("not mounted"), result.err());
        }
    }

    @Test
    void elsewhereALinkIsRefusedByName() throws IOException {
        Path outside = temp.resolve("outside");
        Files.writeString(outside, "somebody's file");
        Path lock = repo.resolve("sessions/writer.lock");
        Files.deleteIfExists(lock);
        link(lock, outside);
        assertTrue(backup().expect(ExitCode.REPOSITORY_DAMAGED).err().contains("writer.lock"));
        assertEquals("somebody's file", Files.readString(outside));
        Files.delete(lock);

        Path spread;
        try (var entries = Files.list(repo.resolve("packs"))) {
            spread = entries.findFirst().orElseThrow();
        }
        Path moved = temp.resolve("moved");
        Files.move(spread, moved);
        link(spread, moved);
        for (List<String> command :
                List.of(List.of("fsck"), List.of("gc"), List.of("backup", "--full", "--machine", "m", "" + disk))) {
            Cli.Result result = run(command).expect(ExitCode.REPOSITORY_DAMAGED);
            assertTrue(
                    (result.out() + result.err()).contains("packs/" + spread.getFileName()),
                    result.out() + result.err());
        }
        Files.delete(spread);
        Files.move(moved, spread);

        Path index = repo.resolve("index");
        Path fast = temp.resolve("fast");
        Files.move(index, fast);
        link(index, fast);
        assertTrue(backup().expect(ExitCode.REPOSITORY_DAMAGED).err().contains("index"));
        assertTrue(Files.exists(fast.resolve("CURRENT")));
        Files.delete(index);
        Files.move(fast, index);

        // An object of the index that leads elsewhere is never written through.
        Path log = index.resolve("LOG");
        Files.deleteIfExists(log);
        link(log, outside);
        link(index.resolve("000999.sst"), outside);
        backup().expect(ExitCode.DONE);
        assertEquals("somebody's file", Files.readString(outside));
        assertTrue(run(List.of("fsck")).expect(ExitCode.DONE).out().contains("clean"));
    }

    @Tag("long")
    @Test
    void anObjectThatIsALinkOrAPipeIsDamageAndHangsNobody() throws Exception {
        Path manifest;
        try (var entries = Files.list(repo.resolve("snapshots"))) {
            manifest = entries.sorted().findFirst().orElseThrow();
        }
        Path copy = temp.resolve("copy.json");
        Files.move(manifest, copy);
        link(manifest, copy);
        Cli.Result result = run(List.of("fsck")).expect(ExitCode.REPOSITORY_DAMAGED);
        assertTrue(result.out().contains("a symbolic link, which is not followed"), result.out());
        pipe(manifest);
        result = run(List.of("fsck")).expect(ExitCode.REPOSITORY_DAMAGED);
        assertTrue(result.out().contains("a pipe"), result.out());
        Files.delete(manifest);
        Path socket = temp.resolve("s");
        try (ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listening.bind(UnixDomainSocketAddress.of(socket));
            Files.move(socket, manifest);
            result = run(List.of("fsck")).expect(ExitCode.REPOSITORY_DAMAGED);
            assertTrue(result.out().contains("a pipe, a socket or a device"), result.out());
        }
        Files.delete(manifest);
        Files.move(copy, manifest);
        for (String place : List.of(
                "tmp/" + ID,
                "tmp/" + ID + ".lock",
                "keys/" + "0".repeat(16) + ".json",
                "forgotten/" + manifest.getFileName(),
                "trash/condemned-" + ID + ".json",
                "checks/" + manifest.getFileName().toString().replace(".json", ""),
                "protected/" + manifest.getFileName(),
                "countersigned/" + manifest.getFileName(),
                "holds/" + "0".repeat(16) + "-00000001.json",
                "jobs/20260101T000000Z-00000000.start.json",
                "jobs/20260101T000000Z-00000000.end.json",
                "parity/ab/" + "ab".repeat(32),
                "trash/snapshots/" + manifest.getFileName(),
                "trash/rescued-" + ID + ".json",
                "trash/proposed-" + ID + ".json",
                "trash/generation-000000009",
                "holds",
                "jobs",
                "packs/ab",
                "quarantine/" + "ab".repeat(32),
                "packs/ab/" + "ab".repeat(32),
                "sessions/" + ID + ".json",
                "sessions/" + ID + ".lock",
                "sessions/writer.lock",
                "index/CURRENT",
                "repository.json")) {
            Path file = repo.resolve(place);
            Path aside = temp.resolve("aside");
            boolean existed = Files.exists(file);
            if (existed) {
                Files.move(file, aside);
            }
            Files.createDirectories(file.getParent());
            pipe(file);
            for (List<String> command : List.of(
                    List.of("snapshots"),
                    List.of("fsck", "--read-data"),
                    List.of("gc"),
                    List.of("repair"),
                    List.of("stats"),
                    List.of("backup", "--machine", "m", "" + disk))) {
                assertFalse(run(command).err().contains("fault in Varve"), command + " with " + place);
            }
            Files.deleteIfExists(file);
            if (existed && !place.startsWith("index")) { // that was made anew
                Files.move(aside, file);
            }
            Files.deleteIfExists(aside);
        }
        assertTrue(run(List.of("fsck")).expect(ExitCode.DONE).out().contains("clean"));
    }
}
