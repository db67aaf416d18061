package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Growth by days, and what forgetting would free. */
class StatsCommandTest {
    @TempDir
    Path temp;

    private Path repo;

    private void backUp(String machine, String time, byte[] content) throws IOException {
        Path disk = Files.write(temp.resolve("disk.raw"), content);
        Cli.run("backup", "-r", repo, "--machine", machine, "--time", time, "d=" + disk)
                .expect(ExitCode.DONE);
    }

    @Test
    void growthAndShares() throws IOException {
        repo = temp.resolve("repo");
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        byte[] content = new byte[1 << 20];
        new SplittableRandom(1).nextBytes(content);
        backUp("a", "2020-01-01T11:00:00Z", content);
        backUp("b", "2020-01-01T12:00:00Z", content);
        byte[] more = content.clone();
        byte[] other = new byte[65_536];
        new SplittableRandom(2).nextBytes(other);
        System.arraycopy(other, 0, more, 0, other.length);
        backUp("b", "2020-01-03T12:00:00Z", more);

        JsonNode stats = Cli.run("stats", "-r", repo, "--shares", "--json")
                .expect(ExitCode.DONE)
                .json();
        assertEquals("2020-01-01", stats.at("/growthDays/0/day").asText());
        assertEquals(2, stats.at("/growthDays/0/snapshotCount").asInt());
        assertEquals(65_536, stats.at("/growthDays/1/changedBytes").asLong());
        assertEquals("b", stats.at("/shares/machineShares/0/machine").asText());
        long alone = stats.at("/shares/machineShares/0/aloneBytes").asLong();
        assertTrue(alone > 65_536 && alone < 65_536 + 20_000, stats.toString());
        assertEquals(alone, stats.at("/shares/snapshotShares/0/aloneBytes").asLong());
        assertEquals(0, stats.at("/shares/machineShares/1/aloneBytes").asLong());
        // All that is stored is somebody's.
        assertEquals(
                stats.path("blockStoredBytes").asLong()
                        + stats.path("mapPageStoredBytes").asLong()
                        + 64
                                * (stats.path("blockCount").asLong()
                                        + stats.path("mapPageCount").asLong()),
                alone + stats.at("/shares/sharedBytes").asLong());

        Cli.Result text = Cli.run("stats", "-r", repo, "--shares", "--days", 1).expect(ExitCode.DONE);
        assertTrue(text.out().contains("2020-01-03") && !text.out().contains("2020-01-01 "), text.out());
        assertTrue(text.out().contains("are shared by several machines"), text.out());
        assertTrue(Cli.run("stats", "-r", repo, "--json").json().path("shares").isMissingNode());
        Cli.run("stats", "-r", repo, "--days", -1).expect(ExitCode.USAGE);
    }
}
