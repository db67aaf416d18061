package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.tools.output.ExitCode;
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
        Cli.Result result = Cli.run("backup", "-r", repo, "--threads", 1, "--machine", "m", "--json", "system=" + disk);
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
        JsonNode plan = repair(ExitCode.WARNINGS); // as it ends
        assertEquals(1, plan.at("/damagedPacks/0/lostChunkIds").size());
        assertArrayEquals(damagedPack, Files.readAllBytes(blocks()), "a plan changes nothing");

        JsonNode done = repair(ExitCode.WARNINGS, "--apply");
        assertEquals(
                SIZE / 65536 - 1, done.at("/damagedPacks/0/soundChunkCount").asInt());
        assertEquals(65536, done.at("/remaining/affectedDisks/0/damagedBytes").asLong(), done.toString());
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
        assertEquals(SIZE / 65536, done.at("/damagedPacks/0/soundChunkCount").asInt());
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
        assertEquals(SIZE / 65536, done.path("savedChunkCount").asInt());
        assertRestores();
        assertEquals(0, repair(ExitCode.DONE, "--apply").path("savedChunkCount").asInt());
    }

    @Test
    void whatIsLeftOfATornPackIsSaved() throws IOException {
        byte[] bytes = Files.readAllBytes(blocks());
        byte[] torn = Arrays.copyOf(bytes, bytes.length / 2);
        torn[40 + 10] ^= 1; // and its first frame has a damaged header
        Files.write(blocks(), torn);
        JsonNode done = repair(ExitCode.WARNINGS, "--apply");
        int saved = done.path("savedChunkCount").asInt();
        assertTrue(saved >= SIZE / 65536 / 2 - 2 && saved < SIZE / 65536 / 2, "saved " + saved);
        backUp();
        assertRestores();
        Cli.run("fsck", "-r", repo, "--deep").expect(ExitCode.DONE);
    }

    private Path second(Object... init) {
        Path copy = temp.resolve("copy");
        Object[] arguments = Arrays.copyOf(new Object[] {"init", "-r", copy}, 3 + init.length);
        System.arraycopy(init, 0, arguments, 3, init.length);
        Cli.run(arguments).expect(ExitCode.DONE);
        return copy;
    }

    @Test
    void lostChunksAreTakenFromASecondRepository() throws IOException {
        Path copy = second();
        Cli.run("copy", "-r", repo, "--to", copy).expect(ExitCode.DONE);
        damage(HEADERS + 10);
        byte[] damagedPack = Files.readAllBytes(blocks());
        JsonNode plan = repair(ExitCode.DONE, "--from", copy);
        assertEquals(1, plan.path("lostChunkCount").asInt(), plan.toString());
        assertEquals(1, plan.path("takenChunkCount").asInt());
        assertArrayEquals(damagedPack, Files.readAllBytes(blocks()), "a plan changes nothing");
        JsonNode done = repair(ExitCode.DONE, "--apply", "--from", copy);
        assertEquals(1, done.path("takenChunkCount").asInt());
        assertEquals(0, done.path("remaining").required("affectedDisks").size());
        assertRestores();
        Cli.run("fsck", "-r", repo, "--deep").expect(ExitCode.DONE);
        assertEquals(
                0,
                repair(ExitCode.DONE, "--apply", "--from", copy)
                        .path("lostChunkCount")
                        .asInt());
    }

    /** Packs that are gone, map pages and all: nothing but the manifest is left. */
    @Test
    void evenAllOfThem() throws IOException {
        Path copy = second();
        Cli.run("copy", "-r", repo, "--to", copy).expect(ExitCode.DONE);
        try (var files = Files.walk(repo.resolve("packs"))) {
            for (Path pack : files.filter(Files::isRegularFile).toList()) {
                Files.delete(pack);
            }
        }
        JsonNode without = repair(ExitCode.WARNINGS, "--apply");
        assertEquals(
                SIZE, without.at("/remaining/affectedDisks/0/damagedBytes").asInt(), "said, though no pack is damaged");
        JsonNode done = repair(ExitCode.DONE, "--apply", "--from", copy);
        assertEquals(SIZE / 65536 + 1, done.path("takenChunkCount").asInt(), done.toString());
        assertRestores();
        Cli.run("fsck", "-r", repo, "--deep").expect(ExitCode.DONE);
    }

    @Test
    void whatIsDamagedThereTooStaysDamagedAndIsListed() throws IOException {
        Path copy = second();
        Cli.run("copy", "-r", repo, "--to", copy).expect(ExitCode.DONE);
        damage(HEADERS + 10);
        byte[] first = Files.readAllBytes(blocks());
        try (var files = Files.walk(copy.resolve("packs"))) {
            for (Path pack : files.filter(Files::isRegularFile).toList()) {
                byte[] bytes = Files.readAllBytes(pack);
                if (bytes[44] == 1) {
                    assertEquals(first.length, bytes.length);
                    Files.write(pack, first);
                }
            }
        }
        JsonNode done = repair(ExitCode.WARNINGS, "--apply", "--from", copy);
        assertEquals(1, done.path("lostChunkCount").asInt());
        assertEquals(0, done.path("takenChunkCount").asInt());
        assertEquals(65536, done.at("/remaining/affectedDisks/0/damagedBytes").asLong());
        assertEquals(0, done.at("/remaining/affectedDisks/0/ranges/0/offset").asLong());
    }

    @Test
    void encryptedOnesMustShareTheirKeys() throws IOException {
        Path key = temp.resolve("key");
        repo = temp.resolve("locked");
        Cli.run("init", "-r", repo, "--encrypt", "--new-key-file", key).expect(ExitCode.DONE);
        Cli.run("backup", "-r", repo, "--threads", 1, "--machine", "m", "--key-file", key, "system=" + disk)
                .expect(ExitCode.DONE);
        Path copy = second("--copy-keys-from", repo, "--key-file", key);
        Cli.run("copy", "-r", repo, "--to", copy, "--key-file", key).expect(ExitCode.DONE);
        damage(HEADERS + 10);
        repair(ExitCode.LOCKED, "--from", copy);
        Path stranger = temp.resolve("stranger");
        Cli.run("init", "-r", stranger, "--encrypt", "--new-key-file", temp.resolve("other-key"))
                .expect(ExitCode.DONE);
        repair(ExitCode.USAGE, "--from", stranger, "--key-file", key);
        repair(ExitCode.DONE, "--apply", "--from", copy, "--key-file", key);
        Cli.run("fsck", "-r", repo, "--deep", "--key-file", key).expect(ExitCode.DONE);
        Cli.forgetWhatWasSeen(temp);
    }

    private void withParity() throws IOException {
        repo = temp.resolve("parity");
        Cli.run("init", "-r", repo, "--parity", "10").expect(ExitCode.DONE);
        backUp();
        Cli.run("fsck", "-r", repo, "--deep").expect(ExitCode.DONE);
    }

    /** A run of bad sectors: the pack is there again, byte for byte, and what was damaged lies in quarantine. */
    @Test
    void parityMakesADamagedPackAnew() throws IOException {
        withParity();
        Path pack = blocks();
        byte[] sound = Files.readAllBytes(pack);
        byte[] damaged = sound.clone();
        Arrays.fill(damaged, 100_000, 200_000, (byte) 0);
        damaged[damaged.length - 50] ^= 1; // and the footer
        Files.write(pack, damaged);
        JsonNode plan = repair(ExitCode.DONE);
        assertEquals(true, plan.at("/damagedPacks/0/rebuildable").asBoolean(), plan.toString());
        assertEquals(0, plan.at("/damagedPacks/0/lostChunkIds").size());
        assertArrayEquals(damaged, Files.readAllBytes(pack), "a plan changes nothing");
        JsonNode done = repair(ExitCode.DONE, "--apply");
        assertEquals(1, done.path("rebuiltPackCount").asInt());
        assertEquals(0, done.path("savedChunkCount").asInt());
        assertArrayEquals(sound, Files.readAllBytes(pack));
        try (var files = Files.list(repo.resolve("quarantine"))) {
            assertArrayEquals(damaged, Files.readAllBytes(files.findFirst().orElseThrow()));
        }
        assertRestores();
        JsonNode fsck = Cli.run("fsck", "-r", repo, "--deep", "--json")
                .expect(ExitCode.DONE)
                .json();
        assertEquals(0, fsck.path("findings").size(), fsck.toString());
        assertEquals(
                0, repair(ExitCode.DONE, "--apply").path("rebuiltPackCount").asInt());
    }

    /** More than parity bears: what it gives back is saved, the rest is listed. */
    @Test
    void whatParityCannotGiveBackIsListed() throws IOException {
        withParity();
        byte[] damaged = Files.readAllBytes(blocks());
        Arrays.fill(damaged, 100_000, 700_000, (byte) 0);
        Files.write(blocks(), damaged);
        JsonNode plan = repair(ExitCode.WARNINGS);
        assertEquals(false, plan.at("/damagedPacks/0/rebuildable").asBoolean());
        int lost = plan.at("/damagedPacks/0/lostChunkIds").size();
        assertTrue(lost > 5 && lost < 12, "lost " + lost);
        JsonNode done = repair(ExitCode.WARNINGS, "--apply");
        assertEquals(
                lost * 65536, done.at("/remaining/affectedDisks/0/damagedBytes").asInt());
    }

    @Test
    void parityIsWrittenLaterAndRemoved() throws IOException {
        Cli.run("parity", "-r", repo).expect(ExitCode.USAGE);
        Cli.run("parity", "-r", repo, "--percent", "51").expect(ExitCode.USAGE);
        byte[] sound = Files.readAllBytes(blocks());
        JsonNode written = Cli.run("parity", "-r", repo, "--percent", "5", "--json")
                .expect(ExitCode.DONE)
                .json();
        assertEquals(2, written.path("writtenPackCount").asInt());
        assertEquals(
                0,
                Cli.run("parity", "-r", repo, "--percent", "5", "--json")
                        .json()
                        .path("writtenPackCount")
                        .asInt());
        Cli.run("fsck", "-r", repo, "--deep").expect(ExitCode.DONE);
        damage(HEADERS + 10);
        repair(ExitCode.DONE, "--apply");
        assertArrayEquals(sound, Files.readAllBytes(blocks()));
        Cli.run("parity", "-r", repo, "--remove").expect(ExitCode.DONE);
        damage(HEADERS + 10);
        JsonNode none = Cli.run("parity", "-r", repo, "--percent", "5", "--json")
                .expect(ExitCode.WARNINGS)
                .json();
        assertEquals(1, none.path("damagedPackIds").size(), "parity of a damaged pack would keep the damage");
    }

    @Test
    void fsckChecksParityAndMissesIt() throws IOException {
        withParity();
        Path parity;
        try (var files = Files.walk(repo.resolve("parity"))) {
            parity = files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(parity);
        bytes[bytes.length / 2] ^= 1;
        Files.write(parity, bytes);
        Cli.run("fsck", "-r", repo).expect(ExitCode.DONE);
        JsonNode damaged = Cli.run("fsck", "-r", repo, "--read-data", "--json")
                .expect(ExitCode.WARNINGS)
                .json();
        assertEquals("parity-damaged", damaged.at("/findings/0/code").asText(), damaged.toString());
        Cli.run("parity", "-r", repo).expect(ExitCode.DONE);
        Cli.run("fsck", "-r", repo, "--read-data").expect(ExitCode.WARNINGS);
        JsonNode renewed = Cli.run("parity", "-r", repo, "--check", "--json")
                .expect(ExitCode.DONE)
                .json();
        assertEquals(1, renewed.path("renewedPackCount").asInt(), renewed.toString());
        Cli.run("fsck", "-r", repo, "--read-data").expect(ExitCode.DONE);
        Files.delete(parity);
        JsonNode missing =
                Cli.run("fsck", "-r", repo, "--json").expect(ExitCode.DONE).json();
        assertEquals("parity-missing", missing.at("/findings/0/code").asText(), missing.toString());
        Cli.run("parity", "-r", repo).expect(ExitCode.DONE);
        assertEquals(
                0,
                Cli.run("fsck", "-r", repo, "--read-data", "--json")
                        .expect(ExitCode.DONE)
                        .json()
                        .path("findings")
                        .size());
    }

    @Test
    void parityGoesWithItsPack() throws IOException {
        withParity();
        Cli.run("forget", "-r", repo, "latest").expect(ExitCode.DONE);
        Cli.run("gc", "-r", repo, "--max-delete", "100").expect(ExitCode.DONE);
        Cli.run("gc", "-r", repo, "--max-delete", "100").expect(ExitCode.DONE);
        for (String directory : new String[] {"packs", "parity"}) {
            try (var files = Files.walk(repo.resolve(directory))) {
                assertEquals(0, files.filter(Files::isRegularFile).count(), directory);
            }
        }
        Cli.run("fsck", "-r", repo).expect(ExitCode.DONE);
    }
}
