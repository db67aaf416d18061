package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The choice of what is read, and the record of it, as an operator uses them. */
class FsckCommandTest {
    @TempDir
    Path temp;

    private Path repo;

    @BeforeEach
    void manyPacks() throws IOException {
        repo = temp.resolve("repo");
        Cli.run("init", "-r", repo, "--pack-size", "1MiB").expect(ExitCode.DONE);
        backUp(1, 12 << 20);
    }

    private void backUp(int seed, int size) throws IOException {
        byte[] content = new byte[size];
        new SplittableRandom(seed).nextBytes(content);
        Path disk = Files.write(temp.resolve("disk.raw"), content);
        Cli.run("backup", "-r", repo, "--machine", "m" + seed, disk).expect(ExitCode.DONE);
    }

    private JsonNode fsck(ExitCode expected, Object... more) throws IOException {
        List<Object> arguments = new ArrayList<>(List.of("fsck", "-r", repo, "--json"));
        arguments.addAll(List.of(more));
        return Cli.run(arguments.toArray()).expect(expected).json();
    }

    private List<Path> files(String directory) throws IOException {
        try (Stream<Path> tree = Files.walk(repo.resolve(directory))) {
            return tree.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @Test
    void aPartEachTimeComesToAllOfIt() throws IOException {
        int packs = files("packs").size();
        assertTrue(packs > 10, "packs: " + packs);
        JsonNode structure = fsck(ExitCode.DONE);
        assertEquals(packs, structure.at("/readCoverage/unreadPackCount").asInt());
        assertTrue(structure.at("/readCoverage/oldestReadAt").isMissingNode());
        int left = packs;
        int runs = 0;
        while (left > 0) {
            JsonNode part = fsck(ExitCode.DONE, "--read-data=30%");
            int read = part.path("readPackCount").asInt();
            assertTrue(read > 0 && read < packs / 2, part.toString());
            left = Math.max(0, left - read);
            assertEquals(
                    left, part.at("/readCoverage/unreadPackCount").asInt(), "never the same twice while others wait");
            runs++;
        }
        assertTrue(runs >= 3, runs + " runs of 30 %");
        assertEquals(1, files("checks").size(), "one record of all");
        JsonNode after = fsck(ExitCode.DONE);
        assertEquals(1, after.at("/readCoverage/withinDays").asInt());
        assertEquals(packs, after.at("/deepReadCoverage/unreadPackCount").asInt(), "it was not decoded");
        assertTrue(Cli.run("fsck", "-r", repo).out().contains("every byte was read within a day"));
    }

    @Test
    void sinceLastReadsWhatIsNewOrWasDamaged() throws IOException {
        int packs = files("packs").size();
        assertEquals(
                packs, fsck(ExitCode.DONE, "--since-last").path("readPackCount").asInt());
        assertEquals(
                0, fsck(ExitCode.DONE, "--since-last").path("readPackCount").asInt());
        assertEquals(
                0, fsck(ExitCode.DONE, "--within", "30d").path("readPackCount").asInt());
        assertEquals(
                packs,
                fsck(ExitCode.DONE, "--since-last", "--deep")
                        .path("readPackCount")
                        .asInt());

        List<Path> before = files("packs");
        backUp(2, 2 << 20);
        int added = files("packs").size() - before.size();
        assertEquals(
                added, fsck(ExitCode.DONE, "--since-last").path("readPackCount").asInt());

        Path largest = before.get(0);
        for (Path pack : before) {
            largest = Files.size(pack) > Files.size(largest) ? pack : largest;
        }
        byte[] bytes = Files.readAllBytes(largest);
        bytes[bytes.length / 2] ^= 1;
        Files.write(largest, bytes);
        assertEquals(
                0, fsck(ExitCode.DONE, "--since-last").path("readPackCount").asInt(), "it rotted since");
        JsonNode found = fsck(ExitCode.REPOSITORY_DAMAGED, "--read-data");
        assertEquals(1, found.at("/readCoverage/damagedPackCount").asInt());
        assertEquals(
                1,
                fsck(ExitCode.REPOSITORY_DAMAGED, "--since-last")
                        .path("readPackCount")
                        .asInt());
        Cli.Result text = Cli.run("fsck", "-r", repo);
        assertTrue(text.out().contains("1 of them damaged when last read"), text.out());
        bytes[bytes.length / 2] ^= 1;
        Files.write(largest, bytes);
        assertEquals(
                0,
                fsck(ExitCode.DONE, "--since-last")
                        .at("/readCoverage/damagedPackCount")
                        .asInt());
    }

    @Test
    void aDamagedRecordCostsNothingButItself() throws IOException {
        fsck(ExitCode.DONE, "--read-data");
        Path record = files("checks").get(0);
        byte[] bytes = Files.readAllBytes(record);
        bytes[40] ^= 1;
        Files.write(record, bytes);
        JsonNode report = fsck(ExitCode.WARNINGS);
        assertEquals("read-record-damaged", report.at("/findings/0/code").asText());
        assertTrue(fsck(ExitCode.WARNINGS, "--since-last").path("readPackCount").asInt() > 10);
        assertEquals(2, files("checks").size(), "evidence stays");
    }

    @Test
    void whatCannotBeRecordedIsReadAllTheSame() throws IOException {
        Files.writeString(repo.resolve("checks"), "in the way");
        JsonNode report = fsck(ExitCode.DONE, "--read-data");
        assertTrue(report.path("readPackCount").asInt() > 10);
        assertTrue(report.path("findings").toString().contains("read-unrecorded"), report.toString());
    }

    @Test
    void aRateIsKept() throws IOException {
        long started = System.nanoTime();
        fsck(ExitCode.DONE, "--read-data", "--read-rate", "8M", "--threads", 2);
        double seconds = (System.nanoTime() - started) / 1e9;
        assertTrue(seconds > 0.4, "12 MiB, the first 8 of them free, in " + seconds + " s");
    }

    @Test
    void mistakesAreNamed() {
        for (Object[] wrong : new Object[][] {
            {"--read-data=0"},
            {"--read-data=101"},
            {"--read-data=x"},
            {"--within", "0"},
            {"--within", "soon"},
            {"--read-rate", "0"},
            {"--read-rate", "fast"},
            {"--threads", "0"},
            {"--threads", "257"}
        }) {
            List<Object> arguments = new ArrayList<>(List.of("fsck", "-r", repo));
            arguments.addAll(List.of(wrong));
            Cli.Result result = Cli.run(arguments.toArray()).expect(ExitCode.USAGE);
            assertFalse(result.err().isEmpty());
        }
    }

    /** More workers than there is direct memory for, in this JVM as in any other. */
    @Test
    void workersThatMemoryDoesNotAllowAreRefused() {
        Cli.Result result = Cli.run("fsck", "-r", repo, "--threads", "256").expect(ExitCode.USAGE);
        assertTrue(result.err().contains("6144 MiB of direct memory"), result.err());
        assertTrue(result.err().contains("VARVE_JAVA_OPTS=-XX:MaxDirectMemorySize=6144m"), result.err());
    }
}
