package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Repair as an operator at three in the morning types it. */
class RepairCommandTest {
    private static final int SIZE = 2 << 20;
    private static final int HEADERS = 40 + 64;

    @TempDir
    Path temp;

    private Path repo;
    private Path disk;
    private byte[] content;

    @BeforeEach
    void oneNight() throws IOException {
        repo = temp.resolve("repo");
        disk = temp.resolve("disk.raw");
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        content = new byte[SIZE];
        new SplittableRandom(1).nextBytes(content);
        Files.write(disk, content);
        backUp();
    }

    private JsonNode backUp() throws IOException {
        Cli.Result result = Cli.run("backup", "-r", repo, "--machine", "m", "--json", "system=" + disk);
        assertTrue(result.code() == 0 || result.code() == 1, result.err());
        return result.json();
    }

    /** The pack whose first frame is a block. */
    private Path blocks() throws IOException {
        try (var files = Files.walk(repo.resolve("packs"))) {
            List<Path> packs = files.filter(Files::isRegularFile).toList();
            for (Path pack : packs) {
                if (Files.readAllBytes(pack)[44] == 1) {
                    return pack;
                }
            }
        }
        throw new AssertionError("no pack of blocks");
    }

    private void damage(int at) throws IOException {
        byte[] bytes = Files.readAllBytes(blocks());
        bytes[at < 0 ? bytes.length + at : at] ^= 1;
        Files.write(blocks(), bytes);
    }

    private JsonNode repair(ExitCode expected, Object... more) throws IOException {
        Object[] arguments = Arrays.copyOf(new Object[] {"repair", "-r", repo, "--json"}, 4 + more.length);
        System.arraycopy(more, 0, arguments, 4, more.length);
        return Cli.run(arguments).expect(expected).json();
    }

    private void assertRestores() throws IOException {
        Path back = temp.resolve("back.raw");
        Cli.run("restore", "-r", repo, "latest", "--to", back, "--force").expect(ExitCode.DONE);
        assertArrayEquals(content, Files.readAllBytes(back));
    }

    @Test
    void nothingToRepair() throws IOException {
        assertEquals(0, repair(ExitCode.DONE).path("damagedPacks").size());
        assertEquals(0, repair(ExitCode.DONE, "--apply").path("damagedPacks").size());
    }

    @Test
    void aLostChunkIsHealedByTheNextBackup() throws IOException {
        damage(HEADERS + 10);
        byte[] damagedPack = Files.readAllBytes(blocks());
        JsonNode plan = repair(ExitCode.DONE);
        assertEquals(1, plan.at("/damagedPacks/0/lostChunks").size());
        assertArrayEquals(damagedPack, Files.readAllBytes(blocks()), "a plan changes nothing");

        JsonNode done = repair(ExitCode.WARNINGS, "--apply");
        assertEquals(SIZE / 65536 - 1, done.at("/damagedPacks/0/soundChunks").asInt());
        assertEquals(65536, done.at("/affected/0/damagedBytes").asLong(), done.toString());
        try (var files = Files.list(repo.resolve("quarantine"))) {
            assertArrayEquals(damagedPack, Files.readAllBytes(files.findFirst().orElseThrow()));
        }
        // Unchanged as it is, the disk is read whole, since the repository has lost a part of it.
        JsonNode night = backUp();
        assertEquals("demoted", night.at("/disks/0/mode").asText());
        assertEquals(65536, night.at("/disks/0/newBytes").asLong());
        assertRestores();
        Cli.run("fsck", "-r", repo, "--deep").expect(ExitCode.DONE);
    }

    @Test
    void withoutFooterEveryFrameIsFoundByItself() throws IOException {
        damage(-1);
        JsonNode done = repair(ExitCode.DONE, "--apply");
        assertEquals(false, done.at("/damagedPacks/0/footerReadable").asBoolean());
        assertEquals(SIZE / 65536, done.at("/damagedPacks/0/soundChunks").asInt());
        assertRestores();
        Cli.run("fsck", "-r", repo, "--deep").expect(ExitCode.DONE);
    }

    /** A repair that was killed between moving a pack and saving what is sound in it. */
    @Test
    void whatLiesInQuarantineIsSavedToo() throws IOException {
        Path pack = blocks();
        Files.createDirectories(repo.resolve("quarantine"));
        Files.move(pack, repo.resolve("quarantine").resolve(pack.getFileName()));
        JsonNode done = repair(ExitCode.DONE, "--apply");
        assertEquals(SIZE / 65536, done.path("savedChunks").asInt());
        assertRestores();
        assertEquals(0, repair(ExitCode.DONE, "--apply").path("savedChunks").asInt());
    }

    @Test
    void whatIsLeftOfATornPackIsSaved() throws IOException {
        byte[] bytes = Files.readAllBytes(blocks());
        byte[] torn = Arrays.copyOf(bytes, bytes.length / 2);
        torn[40 + 10] ^= 1; // and its first frame has a damaged header
        Files.write(blocks(), torn);
        JsonNode done = repair(ExitCode.WARNINGS, "--apply");
        int saved = done.path("savedChunks").asInt();
        assertTrue(saved >= SIZE / 65536 / 2 - 2 && saved < SIZE / 65536 / 2, "saved " + saved);
        backUp();
        assertRestores();
        Cli.run("fsck", "-r", repo, "--deep").expect(ExitCode.DONE);
    }
}
