package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.tools.output.ExitCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One snapshot as one file, out and in, as an operator types it. */
class ExportCommandTest {
    private static final int SIZE = (6 << 20) + 512;

    @TempDir
    Path temp;

    private Path repo;
    private Path disk;
    private Path key;
    private Path file;
    private byte[] content;

    @BeforeEach
    void disk() throws IOException {
        repo = temp.resolve("repo");
        disk = temp.resolve("disk.raw");
        key = temp.resolve("key");
        file = temp.resolve("night.varve");
        content = new byte[SIZE];
        new SplittableRandom(1).nextBytes(content);
        java.util.Arrays.fill(content, 2 << 20, 4 << 20, (byte) 0);
        Files.write(disk, content);
    }

    @AfterEach
    void forgetWhatWasSeen() throws IOException {
        Cli.forgetWhatWasSeen(temp);
    }

    private void plain() {
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        Cli.run("backup", "-r", repo, "--machine", "m", disk).expect(ExitCode.DONE);
    }

    private void encrypted() {
        Cli.run("init", "-r", repo, "--encrypt", "--new-key-file", key).expect(ExitCode.DONE);
        Cli.run("backup", "-r", repo, "--machine", "m", "--key-file", key, disk).expect(ExitCode.DONE);
    }

    private Path init(String name) {
        Path root = temp.resolve(name);
        Cli.run("init", "-r", root).expect(ExitCode.DONE);
        return root;
    }

    private void assertRestores(Path root, Object... more) throws IOException {
        Path back = temp.resolve("back.raw");
        Object[] arguments = {"restore", "-r", root, "latest", "--to", back, "--force"};
        Object[] all = java.util.Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        Cli.run(all).expect(ExitCode.DONE);
        assertArrayEquals(content, Files.readAllBytes(back));
    }

    @Test
    void outAndIn() throws IOException {
        plain();
        JsonNode exported = Cli.run("export", "-r", repo, "latest", "--to", file, "--json")
                .expect(ExitCode.DONE)
                .json();
        assertEquals(Files.size(file), exported.path("exportedBytes").asLong());
        assertTrue(exported.path("proven").asBoolean());
        Path other = init("other");
        JsonNode imported = Cli.run("import", "-r", other, file, "--json")
                .expect(ExitCode.DONE)
                .json();
        assertEquals(
                exported.path("snapshotId").asText(),
                imported.at("/copies/0/copyId").asText());
        assertEquals(
                exported.path("chunkCount").asLong(),
                imported.at("/copies/0/newChunkCount").asLong());
        assertRestores(other);
        Cli.run("fsck", "-r", other, "--deep").expect(ExitCode.DONE);
        // Once more, and into where it came from: it is there.
        for (Path root : new Path[] {other, repo}) {
            JsonNode again = Cli.run("import", "-r", root, file, "--json")
                    .expect(ExitCode.DONE)
                    .json();
            assertEquals("there", again.at("/copies/0/copyOutcome").asText());
        }
    }

    @Test
    void itGetsItsNameWhenItIsComplete() throws IOException {
        plain();
        Files.writeString(file, "something else");
        Cli.run("export", "-r", repo, "latest", "--to", file).expect(ExitCode.USAGE);
        assertEquals("something else", Files.readString(file));
        try (var packs = Files.walk(repo.resolve("packs"))) {
            for (Path pack : packs.filter(Files::isRegularFile).toList()) {
                byte[] bytes = Files.readAllBytes(pack);
                bytes[40 + 64 + 10] ^= 1;
                Files.write(pack, bytes);
            }
        }
        Cli.run("export", "-r", repo, "latest", "--to", file, "--force").expect(ExitCode.REPOSITORY_DAMAGED);
        assertEquals("something else", Files.readString(file));
        try (var files = Files.list(temp)) {
            assertFalse(files.anyMatch(path -> path.toString().contains("partial")));
        }
    }

    @Test
    void anEncryptedOneStaysEncryptedAndNeedsNoKeyToBeMade() throws IOException {
        encrypted();
        Cli.run("export", "-r", repo, "latest", "--to", file).expect(ExitCode.DONE);
        Path other = init("other");
        Cli.run("import", "-r", other, file).expect(ExitCode.USAGE);
        Cli.run("import", "-r", other, file, "--decrypt").expect(ExitCode.LOCKED);
        Cli.run("import", "-r", other, file, "--decrypt", "--from-key-file", key)
                .expect(ExitCode.DONE);
        assertRestores(other);
        Path otherKey = temp.resolve("other-key");
        Path locked = temp.resolve("locked");
        Cli.run("init", "-r", locked, "--encrypt", "--new-key-file", otherKey).expect(ExitCode.DONE);
        Cli.run("import", "-r", locked, file, "--key-file", otherKey, "--from-key-file", key)
                .expect(ExitCode.DONE);
        assertRestores(locked, "--key-file", otherKey);
        Cli.run("fsck", "-r", locked, "--deep", "--key-file", otherKey).expect(ExitCode.DONE);
    }

    /** A snapshot that was lost comes back from its export; and no false alarm about the past. */
    @Test
    void backIntoTheRepositoryItCameFrom() throws IOException {
        encrypted();
        Cli.run("export", "-r", repo, "latest", "--to", file, "--key-file", key).expect(ExitCode.DONE);
        Cli.run("forget", "-r", repo, "latest").expect(ExitCode.DONE);
        Cli.run("gc", "-r", repo, "--max-delete", "100").expect(ExitCode.DONE);
        Cli.run("gc", "-r", repo, "--max-delete", "100").expect(ExitCode.DONE);
        Cli.Result imported =
                Cli.run("import", "-r", repo, file, "--key-file", key, "--json").expect(ExitCode.DONE);
        assertFalse(imported.err().contains("ROLLED BACK"), imported.err());
        assertEquals("copied", imported.json().at("/copies/0/copyOutcome").asText());
        assertRestores(repo, "--key-file", key);
        Cli.run("fsck", "-r", repo, "--deep", "--key-file", key).expect(ExitCode.DONE);
    }

    @Test
    void fromStandardInput() throws IOException {
        plain();
        Cli.run("export", "-r", repo, "latest", "--to", file).expect(ExitCode.DONE);
        byte[] bytes = Files.readAllBytes(file);
        Path other = init("other");
        InputStream before = System.in;
        try {
            System.setIn(new ByteArrayInputStream(bytes, 0, bytes.length / 2));
            Cli.run("import", "-r", other, "-", "--scratch", temp).expect(ExitCode.SOURCE_FAILED);
            assertEquals(
                    0,
                    Cli.run("snapshots", "-r", other, "--json")
                            .json()
                            .path("snapshots")
                            .size());
            System.setIn(new ByteArrayInputStream(bytes));
            Cli.run("import", "-r", other, "-", "--scratch", temp).expect(ExitCode.DONE);
        } finally {
            System.setIn(before);
        }
        assertRestores(other);
        try (var files = Files.list(temp)) {
            assertFalse(files.anyMatch(path -> path.toString().contains("varve-import-")), "scratch is left");
        }
    }

    @Test
    void whatIsNoSoundExportIsRefused() throws IOException {
        plain();
        Cli.run("export", "-r", repo, "latest", "--to", file).expect(ExitCode.DONE);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        Cli.Result result = Cli.run("import", "-r", repo, file).expect(ExitCode.SOURCE_FAILED);
        assertTrue(result.err().contains("nothing was stored"), result.err());
        Cli.run("import", "-r", repo, disk).expect(ExitCode.SOURCE_FAILED);
        Cli.run("import", "-r", repo, temp.resolve("none")).expect(ExitCode.USAGE);
        Path small = temp.resolve("small");
        Cli.run("init", "-r", small, "--block-size", "4KiB").expect(ExitCode.DONE);
        Cli.run("export", "-r", repo, "latest", "--to", file, "--force").expect(ExitCode.DONE);
        Cli.run("import", "-r", small, file).expect(ExitCode.USAGE);
        Cli.run("export", "-r", repo, "latest", "--to", "-", "--json").expect(ExitCode.USAGE);
    }

    /** Somebody who has tar and a varve program needs nothing else. */
    @Test
    void unpackedByTarItIsARepository() throws Exception {
        Path tar = Path.of("/bin/tar");
        assumeTrue(Files.isExecutable(tar), "no tar here: not compared with what it unpacks");
        encrypted();
        Cli.run("export", "-r", repo, "latest", "--to", file).expect(ExitCode.DONE);
        Path unpacked = Files.createDirectory(temp.resolve("unpacked"));
        Process process = new ProcessBuilder(tar.toString(), "-xf", file.toString(), "-C", unpacked.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        assertEquals("", said);
        assertRestores(unpacked, "--key-file", key);
        Cli.run("fsck", "-r", unpacked, "--deep", "--key-file", key).expect(ExitCode.DONE);
    }
}
