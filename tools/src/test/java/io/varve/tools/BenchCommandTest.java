package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.adapters.vhdx.write.NewVhdx;
import io.varve.adapters.vhdx.write.VhdxTarget;
import io.varve.engine.port.DiskTarget;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator's benchmark: that it says all it should and leaves nothing. What it measures is not tested. */
class BenchCommandTest {
    private static final List<String> STEPS = List.of("full", "incremental", "restore", "fsck", "gc");

    @TempDir
    Path temp;

    private Cli.Result bench(Object... arguments) {
        Object[] all = new Object[arguments.length + 5];
        all[0] = "bench";
        all[1] = "--repo-dir";
        all[2] = temp;
        all[3] = "--limit-millis";
        all[4] = 5;
        System.arraycopy(arguments, 0, all, 5, arguments.length);
        return Cli.run(all);
    }

    private List<Path> left() throws IOException {
        try (var entries = Files.list(temp)) {
            return entries.toList();
        }
    }

    @Test
    void printsAllRowsAndLeavesNothing() throws IOException {
        String out = bench("--synthetic", "16MiB").expect(ExitCode.DONE).out();
        for (String row : List.of(
                "LIMIT", "disk write", "disk read", "memory copy", "SHA-256", "LZ4", "LZ4 decode", "XXH3", "STEP")) {
            assertTrue(out.lines().anyMatch(line -> line.startsWith(row)), row + " is missing:\n" + out);
        }
        for (String step : STEPS) {
            assertTrue(out.lines().anyMatch(line -> line.startsWith(step + " ")), step + " is missing:\n" + out);
        }
        assertFalse(out.contains("AES"), out);
        assertEquals(List.of(), left());
    }

    @Test
    void jsonHasTheSameOfAnEncryptedRepository() throws IOException {
        JsonNode json = bench("--synthetic", "16MiB", "--encrypt", "--threads", 2, "--json")
                .expect(ExitCode.DONE)
                .json();
        assertEquals(2, json.path("threadCount").asInt());
        assertEquals(8, json.path("limits").size(), json.toString());
        for (JsonNode limit : json.path("limits")) {
            assertTrue(limit.path("oneCoreBytesPerSecond").asLong() > 0, limit.toString());
            assertTrue(limit.path("allCoresBytesPerSecond").asLong() > 0, limit.toString());
        }
        assertEquals(STEPS, json.path("steps").findValuesAsText("name"));
        JsonNode full = json.at("/steps/0");
        assertEquals(
                (12 << 20) + (64 << 10), full.path("bytes").asLong(), "three blocks of four hold data, and the last");
        JsonNode incremental = json.at("/steps/1");
        assertTrue(incremental.path("bytes").asLong() > 0, json.toString());
        assertTrue(
                incremental.path("storedBytes").asLong()
                        < full.path("storedBytes").asLong() / 4,
                json.toString());
        assertTrue(full.path("heapBytes").asLong() > 0, json.toString());
        assertEquals(List.of(), left());
    }

    @Test
    void onlyReadsTheDiskItIsGiven() throws IOException {
        Path disk = temp.resolve("disk.vhdx");
        byte[] content = new byte[2 << 20];
        new SplittableRandom(1).nextBytes(content);
        try (DiskTarget target = VhdxTarget.create(disk, NewVhdx.ofSize(64 << 20), false)) {
            target.write(5 << 20, ByteBuffer.wrap(content));
            target.commit();
        }
        byte[] before = Files.readAllBytes(disk);
        String out = bench("--disk", disk).expect(ExitCode.DONE).out();
        assertTrue(out.contains("incremental"), out);
        assertArrayEquals(before, Files.readAllBytes(disk));
        assertEquals(List.of(disk), left());
    }

    @Test
    void refusesADirectoryWithoutSpace() throws IOException {
        Cli.Result refused = bench("--synthetic", "64TiB").expect(ExitCode.USAGE);
        assertTrue(refused.err().contains("not enough space"), refused.err());
        assertTrue(refused.err().contains("needed"), refused.err());
        assertEquals(List.of(), left());
    }

    @Test
    void neverTouchesARepository() throws IOException {
        Path repo = temp.resolve("repo");
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        for (Path inside : List.of(repo, repo.resolve("packs"))) {
            Files.createDirectories(inside);
            Cli.Result refused = Cli.run("bench", "--repo-dir", inside, "--synthetic", "16MiB")
                    .expect(ExitCode.USAGE);
            assertTrue(refused.err().contains("is a repository"), refused.err());
        }
    }

    @Test
    void refusesWhatMakesNoSense() throws IOException {
        bench().expect(ExitCode.USAGE);
        bench("--synthetic", "16MiB", "--disk", "x").expect(ExitCode.USAGE);
        bench("--synthetic", "1000").expect(ExitCode.USAGE);
        bench("--disk", temp.resolve("none")).expect(ExitCode.USAGE);
        Cli.run("bench", "--repo-dir", temp.resolve("none"), "--synthetic", "16MiB")
                .expect(ExitCode.USAGE);
        Path zeros = Files.write(temp.resolve("zeros.raw"), new byte[1 << 20]);
        assertTrue(bench("--disk", zeros).expect(ExitCode.USAGE).err().contains("no data"));
        assertEquals(List.of(zeros), left());
    }
}
