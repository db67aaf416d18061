package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copying as an operator types it. */
class CopyCommandTest {
    private static final int SIZE = (40 << 20) + 512;

    @TempDir
    Path temp;

    private Path repo;
    private Path other;
    private final List<byte[]> nights = new ArrayList<>();

    @BeforeEach
    void twoNights() throws IOException {
        repo = temp.resolve("repo");
        other = temp.resolve("other");
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        Cli.run("init", "-r", other).expect(ExitCode.DONE);
        byte[] content = new byte[SIZE];
        new SplittableRandom(1).nextBytes(content);
        java.util.Arrays.fill(content, 5 << 20, 30 << 20, (byte) 0);
        night(content);
        content[SIZE - 1] ^= 1;
        night(content);
    }

    /** What the command remembers of encrypted repositories in the user's cache directory. */
    @AfterEach
    void forgetWhatWasSeen() throws IOException {
        Cli.forgetWhatWasSeen(temp);
    }

    private void night(byte[] content) throws IOException {
        nights.add(content.clone());
        Path disk = temp.resolve("disk.raw");
        Files.write(disk, content);
        Cli.run("backup", "-r", repo, "--machine", "m", disk).expect(ExitCode.DONE);
    }

    private JsonNode copy(Object... more) throws IOException {
        List<Object> arguments = new ArrayList<>(List.of("copy", "-r", repo, "--to", other, "--json"));
        arguments.addAll(List.of(more));
        return Cli.run(arguments.toArray()).expect(ExitCode.DONE).json().path("copies");
    }

    private void assertRestores(String reference, byte[] expected) throws IOException {
        Path back = temp.resolve("back.raw");
        Cli.run("restore", "-r", other, reference, "--to", back, "--force").expect(ExitCode.DONE);
        assertArrayEquals(expected, Files.readAllBytes(back));
    }

    @Test
    void onlyWhatIsMissingIsSent() throws IOException {
        JsonNode first = copy("latest~1");
        assertEquals(1, first.size());
        assertTrue(first.at("/0/newChunkCount").asLong() > 200, first.toString());
        assertRestores("latest", nights.get(0));
        JsonNode both = copy();
        assertEquals("there", both.at("/0/copyOutcome").asText());
        assertEquals("copied", both.at("/1/copyOutcome").asText());
        assertTrue(both.at("/1/newChunkCount").asLong() <= 4, "a block, and the pages above it: " + both);
        assertRestores("latest", nights.get(1));
        assertRestores("latest~1", nights.get(0));
        // The same ids, a chain of manifests of its own, and nothing left to find.
        assertEquals(
                Cli.run("snapshots", "-r", repo, "--json").json().at("/snapshots/1/id"),
                Cli.run("snapshots", "-r", other, "--json").json().at("/snapshots/1/id"));
        JsonNode fsck = Cli.run("fsck", "-r", other, "--deep", "--json")
                .expect(ExitCode.DONE)
                .json();
        assertEquals(0, fsck.path("findings").size(), fsck.toString());
        assertEquals(
                0,
                copy().findValues("chunks").stream().mapToLong(JsonNode::asLong).sum());
    }

    /** A backup into the copy goes on from what was copied. */
    @Test
    void theCopyIsARepositoryLikeAnyOther() throws IOException {
        copy();
        byte[] content = nights.get(1).clone();
        content[0] ^= 1;
        Path disk = temp.resolve("disk.raw");
        Files.write(disk, content);
        JsonNode night = Cli.run("backup", "-r", other, "--machine", "m", "--json", disk)
                .expect(ExitCode.DONE)
                .json();
        assertEquals(65536, night.at("/disks/0/changedBytes").asLong());
        assertRestores("latest", content);
        Cli.run("fsck", "-r", other, "--deep").expect(ExitCode.DONE);
    }

    @Test
    void damageInTheSourceIsNotCopied() throws IOException {
        try (var files = Files.walk(repo.resolve("packs"))) {
            for (Path pack : files.filter(Files::isRegularFile).toList()) {
                byte[] bytes = Files.readAllBytes(pack);
                if (bytes[44] == 1) {
                    bytes[40 + 64 + 10] ^= 1;
                    Files.write(pack, bytes);
                }
            }
        }
        Cli.run("copy", "-r", repo, "--to", other).expect(ExitCode.REPOSITORY_DAMAGED);
        assertEquals(
                0,
                Cli.run("snapshots", "-r", other, "--json")
                        .json()
                        .path("snapshots")
                        .size());
        Cli.run("fsck", "-r", other, "--deep").expect(ExitCode.DONE);
    }

    @Test
    void encryptedOneWayAndBack() throws IOException {
        Path key = temp.resolve("key");
        Path locked = temp.resolve("locked");
        Cli.run("init", "-r", locked, "--encrypt", "--new-key-file", key).expect(ExitCode.DONE);
        Cli.run("copy", "-r", repo, "--to", locked).expect(ExitCode.LOCKED);
        Cli.run("copy", "-r", repo, "--to", locked, "--to-key-file", key).expect(ExitCode.DONE);
        Path back = temp.resolve("back.raw");
        Cli.run("restore", "-r", locked, "latest", "--to", back, "--key-file", key)
                .expect(ExitCode.DONE);
        assertArrayEquals(nights.get(1), Files.readAllBytes(back));
        // In the clear only if that is said.
        Cli.run("copy", "-r", locked, "--to", other, "--key-file", key).expect(ExitCode.USAGE);
        Cli.run("copy", "-r", locked, "--to", other).expect(ExitCode.LOCKED);
        Cli.run("copy", "-r", locked, "--to", other, "--key-file", key, "--decrypt")
                .expect(ExitCode.DONE);
        assertRestores("latest~1", nights.get(0));
        Cli.run("fsck", "-r", other, "--deep").expect(ExitCode.DONE);
    }

    /** Somebody put a plain repository where the encrypted copy was: nothing is stored there. */
    @Test
    void aKeyForTheTargetIsADemand() throws IOException {
        Path key = temp.resolve("key");
        Cli.run("init", "-r", temp.resolve("locked"), "--encrypt", "--new-key-file", key)
                .expect(ExitCode.DONE);
        Cli.run("copy", "-r", repo, "--to", other, "--to-key-file", key).expect(ExitCode.LOCKED);
        assertEquals(
                0,
                Cli.run("snapshots", "-r", other, "--json")
                        .json()
                        .path("snapshots")
                        .size());
    }

    @Test
    void repositoriesThatShareKeysNeedOneKey() throws IOException {
        Path key = temp.resolve("key");
        Path locked = temp.resolve("locked");
        Path shared = temp.resolve("shared");
        Cli.run("init", "-r", locked, "--encrypt", "--new-key-file", key, "--block-size", "32KiB")
                .expect(ExitCode.DONE);
        Cli.run("init", "-r", shared, "--copy-keys-from", repo).expect(ExitCode.USAGE);
        Cli.run("init", "-r", shared, "--copy-keys-from", locked, "--key-file", key)
                .expect(ExitCode.DONE);
        Path disk = temp.resolve("disk.raw");
        Cli.run("backup", "-r", locked, "--machine", "m", "--key-file", key, disk)
                .expect(ExitCode.DONE);
        Cli.run("copy", "-r", locked, "--to", shared, "--key-file", key).expect(ExitCode.DONE);
        Path back = temp.resolve("back.raw");
        Cli.run("restore", "-r", shared, "latest", "--to", back, "--key-file", key)
                .expect(ExitCode.DONE);
        assertArrayEquals(nights.get(1), Files.readAllBytes(back));
        JsonNode fsck = Cli.run("fsck", "-r", shared, "--deep", "--json", "--key-file", key)
                .expect(ExitCode.DONE)
                .json();
        assertEquals(0, fsck.path("findings").size(), fsck.toString());
    }

    @Test
    void whatWasForgottenThereIsNotCopiedAgain() throws IOException {
        copy();
        Cli.run("forget", "-r", other, "latest~1").expect(ExitCode.DONE);
        assertEquals("forgotten", copy().at("/0/copyOutcome").asText());
        // Who names it wants it: then under another id, and once.
        for (int copies = 2; copies > 0; copies--) {
            Cli.run("copy", "-r", repo, "--to", other, "latest~1").expect(ExitCode.DONE);
            assertRestores("latest~1", nights.get(0));
            assertEquals(
                    2,
                    Cli.run("snapshots", "-r", other, "--json")
                            .json()
                            .path("snapshots")
                            .size());
        }
        JsonNode fsck =
                Cli.run("fsck", "-r", other, "--json").expect(ExitCode.DONE).json();
        assertEquals(0, fsck.path("findings").size(), fsck.toString());
    }

    @Test
    void whatCannotBeCopiedIsSaid() throws IOException {
        Cli.run("copy", "-r", repo, "--to", repo).expect(ExitCode.USAGE);
        Cli.run("copy", "-r", repo, "--to", temp.resolve("none")).expect(ExitCode.USAGE);
        Path small = temp.resolve("small");
        Cli.run("init", "-r", small, "--block-size", "4KiB").expect(ExitCode.DONE);
        Cli.run("copy", "-r", repo, "--to", small).expect(ExitCode.USAGE);
        Cli.run("copy", "-r", repo, "--to", other, "00000000").expect(ExitCode.USAGE);
    }
}
