package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Twenty MiB of damage in one pack: a screenful that says what is lost, and all of it for who asks. */
class MuchDamageTest {
    private static final int SCREEN = 24;

    @TempDir
    Path temp;

    private Path repo;
    private Path pack;

    @BeforeEach
    void twoNightsAndOneLargePack() throws IOException {
        repo = temp.resolve("repo");
        Cli.run("init", "-r", repo, "--pack-size", "64MiB").expect(ExitCode.DONE);
        byte[] content = new byte[24 << 20];
        new SplittableRandom(1).nextBytes(content);
        Path disk = temp.resolve("disk.raw");
        for (int night = 0; night < 2; night++) {
            content[content.length - 1]++;
            Files.write(disk, content);
            assertTrue(Cli.run("backup", "-r", repo, "--machine", "m", "disk=" + disk)
                            .code()
                    <= 1);
        }
        try (Stream<Path> tree = Files.walk(repo.resolve("packs"))) {
            pack = tree.filter(Files::isRegularFile)
                    .max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
        }
    }

    private void damage(int from, int to, int step) throws IOException {
        byte[] bytes = Files.readAllBytes(pack);
        for (int at = from; at < to; at += step) {
            bytes[at] ^= 1;
        }
        Files.write(pack, bytes);
    }

    private List<String> fsck(Object... more) {
        Object[] all = Arrays.copyOf(new Object[] {"fsck", "-r", repo, "--read-data"}, 4 + more.length);
        System.arraycopy(more, 0, all, 4, more.length);
        return Cli.run(all).expect(ExitCode.REPOSITORY_DAMAGED).out().lines().toList();
    }

    @Test
    void neighbouringDamageIsOneLine() throws IOException {
        damage(1 << 20, 21 << 20, 512);
        List<String> lines = fsck();
        assertTrue(lines.size() <= SCREEN, lines.size() + " lines: " + String.join("\n", lines));
        assertTrue(lines.get(0).startsWith("affected: 2 snapshots from "), lines.get(0));
        assertTrue(lines.get(0).contains("machine m, disk 1 disk: "), lines.get(0));
        List<String> damage =
                lines.stream().filter(line -> line.contains("chunk-damaged")).toList();
        assertEquals(1, damage.size(), String.join("\n", damage));
        assertTrue(
                damage.get(0)
                        .matches("error \\[chunk-damaged] packs/.*: \\d+ chunks"
                                + " \\(2\\d\\.?\\d* MiB\\) damaged, at offset .*"),
                damage.get(0));
        assertTrue(lines.stream()
                .anyMatch(line -> line.matches(".*\\[chunk-missing] and \\d+ more; --all" + " prints them all")));

        assertTrue(fsck("--all").size() > 300, "each");
        JsonNode json = Cli.run("fsck", "-r", repo, "--read-data", "--json").json();
        assertTrue(json.path("findings").size() > 300, "each");
        assertEquals(0, json.path("unlistedFindingCount").asInt());
        assertEquals(2, json.path("affectedDisks").size());
        long told = 0;
        for (JsonNode finding : json.path("findings")) {
            told += finding.path("length").asLong();
        }
        assertTrue(told > 19 << 20 && told < 22 << 20, told + " bytes");
    }

    /** Every other MiB: more ranges than fit on a screen. */
    @Test
    void scatteredDamageOfOnePackIsToldTogether() throws IOException {
        for (int at = 1; at < 22; at++) {
            damage((at << 20) + 500_000, (at << 20) + 500_001, 1);
        }
        List<String> lines = fsck();
        assertTrue(lines.size() <= SCREEN, lines.size() + " lines: " + String.join("\n", lines));
        assertTrue(lines.stream().anyMatch(line -> line.contains("packs/") && line.contains(": 21 chunks (")));
        // Workers fill packs in no fixed order, so that some of the damaged blocks may be neighbours on the disk.
        long ranges = fsck("--all").stream()
                        .filter(line -> line.startsWith("  offset "))
                        .count()
                / 2; // each of the two snapshots has them
        assertTrue(ranges > 15 && ranges <= 21, ranges + " ranges");
        String rest = " and " + (ranges - 5) + " more ranges; --all prints each";
        assertTrue(lines.stream().anyMatch(line -> line.endsWith(rest)), rest + " not in " + String.join("\n", lines));
    }

    /** Little is told as it always was. */
    @Test
    void oneFindingIsToldAsItIs() throws IOException {
        damage(5 << 20, (5 << 20) + 1, 1);
        List<String> lines = fsck();
        assertTrue(lines.stream()
                .anyMatch(line -> line.startsWith("error [chunk-damaged] packs/")
                        && line.contains(" at offset ")
                        && line.contains("expected a payload")));
        assertFalse(lines.stream().anyMatch(line -> line.contains("--all")), String.join("\n", lines));
    }
}
