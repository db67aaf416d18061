package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the audit finds and says, and comparing a night with a disk, as an operator sees it. */
class AuditCommandTest {
    private static final int BLOCK = 64 << 10;
    private static final int SIZE = 64 * BLOCK + 1024;

    @TempDir
    Path temp;

    private final SplittableRandom random = new SplittableRandom(1);
    private final byte[] content = new byte[SIZE];
    private Path repo;
    private Path disk;
    private int night;

    @BeforeEach
    void firstNight() throws IOException {
        repo = temp.resolve("repo");
        disk = temp.resolve("disk.raw");
        random.nextBytes(content);
        Arrays.fill(content, 20 * BLOCK, 30 * BLOCK, (byte) 0);
        Files.write(disk, content);
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        Cli.run("backup", "-r", repo, "--machine", "m", "--token", "0", "d=" + disk)
                .expect(ExitCode.DONE);
    }

    /** With a list that names nothing. */
    private Cli.Result nextNight(Object... more) throws IOException {
        Path list = Files.writeString(temp.resolve("changes.json"), "[]");
        List<Object> arguments = new ArrayList<>(List.of(
                "backup", "-r", repo, "--machine", "m", "--since", night, "--token", ++night, "--changes", list));
        arguments.addAll(List.of(more));
        arguments.add("d=" + disk);
        return Cli.run(arguments.toArray());
    }

    private void omit(int offset) throws IOException {
        content[offset] ^= 1;
        Files.write(disk, content);
    }

    /** On a small disk, in the very night. The audit of before found two of eighteen. */
    @Tag("long")
    @Test
    void everyOmissionOnASmallDiskIsCaught() throws IOException {
        JsonNode quiet = nextNight("--json").expect(ExitCode.DONE).json().at("/disks/0/audit");
        assertEquals(1, quiet.path("roundNightCount").asInt());
        assertEquals(0, quiet.path("unnoticedProbability").asDouble());
        for (int i = 0; i < 18; i++) {
            omit(random.nextInt(SIZE));
            Cli.Result caught = nextNight("--json").expect(ExitCode.WARNINGS);
            assertEquals(
                    "audit-mismatch", caught.json().at("/disks/0/reasonCode").asText());
            assertTrue(caught.json().at("/disks/0/audit/tenfold").asBoolean());
            String since = caught.json().at("/disks/0/audit/inDoubtSince").asText();
            JsonNode before = Cli.run("snapshots", "-r", repo, "--json").json().at("/snapshots/" + i * 2);
            assertTrue(i == 0 || since.compareTo(before.path("startedAt").asText()) >= 0, since);
            nextNight().expect(ExitCode.DONE);
        }
        Cli.Result told = nextNight();
        assertTrue(told.out().contains("an omission from the change list is noticed within 1 night"), told.out());
    }

    @Test
    void aShareTakesItsNightsAndSaysSo() throws IOException {
        Cli.Result first = nextNight("--audit", "2").expect(ExitCode.DONE);
        assertTrue(first.out().contains("3 of 128 parts, all in 43 nights"), first.out());
        assertTrue(first.out().contains("every block compared since the snapshot of 2"), first.out());
        assertTrue(
                first.out().contains("omitting 1 MiB a night goes unnoticed for 30 nights with p" + " < 1e-9"),
                first.out());
        assertTrue(Cli.run("show", "-r", repo, "latest").out().contains("3 of 128 parts"), "show, too");
        assertTrue(nextNight("--audit", "0").out().lines().noneMatch(line -> line.contains("audit")));
        JsonNode third = nextNight("--audit", "2", "--json").json().at("/disks/0/audit");
        assertEquals(6, third.path("doneSliceCount").asInt(), "a night without audit costs nothing of it");
    }

    private Cli.Result against(Path file, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("fsck", "-r", repo, "--against", file));
        arguments.addAll(List.of(more));
        return Cli.run(arguments.toArray());
    }

    @Test
    void aNightIsComparedWithADisk() throws IOException {
        Cli.Result equal = against(disk).expect(ExitCode.DONE);
        assertTrue(equal.out().contains("equal"), equal.out());
        Path restored = temp.resolve("restored.vhdx");
        Cli.run("restore", "-r", repo, "latest", "--to", restored).expect(ExitCode.DONE);
        JsonNode other = against(restored, "--json").expect(ExitCode.DONE).json();
        assertEquals(SIZE, other.path("againstSize").asInt());
        assertEquals(0, other.path("ranges").size());

        omit(5 * BLOCK + 7);
        omit(6 * BLOCK);
        omit(25 * BLOCK);
        omit(SIZE - 1);
        nextNight("--audit", "0").expect(ExitCode.DONE); // silently wrong
        JsonNode found = against(disk, "--snapshot", "latest:m", "--disk", "d", "--json")
                .expect(ExitCode.WARNINGS)
                .json();
        assertEquals(3 * BLOCK + 1024, found.path("differingBytes").asInt());
        assertEquals(5 * BLOCK, found.at("/ranges/0/offset").asInt());
        assertEquals(2 * BLOCK, found.at("/ranges/0/length").asInt());
        assertEquals(25 * BLOCK, found.at("/ranges/1/offset").asInt());
        assertEquals(64 * BLOCK, found.at("/ranges/2/offset").asInt());
        Cli.run("backup", "-r", repo, "--machine", "m", "d=" + disk).expect(ExitCode.DONE);
        against(disk, "--snapshot", "latest").expect(ExitCode.DONE);
        against(disk, "--snapshot", "latest~1").expect(ExitCode.WARNINGS);
    }

    @Test
    void shorterAndLongerDisks() throws IOException {
        Path longer = Files.write(temp.resolve("longer.raw"), Arrays.copyOf(content, SIZE + BLOCK));
        assertTrue(against(longer).expect(ExitCode.DONE).err().contains("was not compared"));
        Path shorter = Files.write(temp.resolve("shorter.raw"), Arrays.copyOf(content, 60 * BLOCK + 1));
        JsonNode cut = against(shorter, "--json").expect(ExitCode.WARNINGS).json();
        assertEquals(4 * BLOCK + 1024, cut.path("differingBytes").asInt());
        assertEquals(60 * BLOCK, cut.at("/ranges/0/offset").asInt());
        Path empty = Files.write(temp.resolve("empty.raw"), new byte[0]);
        assertEquals(
                SIZE,
                against(empty, "--json")
                        .expect(ExitCode.WARNINGS)
                        .json()
                        .path("differingBytes")
                        .asInt());
        against(temp.resolve("none.raw")).expect(ExitCode.SOURCE_FAILED);
        against(disk, "--deep").expect(ExitCode.USAGE);
        against(disk, "--snapshot", "2000").expect(ExitCode.USAGE);
        Cli.run("fsck", "-r", repo, "--disk", "d").expect(ExitCode.USAGE);
    }
}
