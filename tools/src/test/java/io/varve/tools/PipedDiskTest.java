package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.tools.output.ExitCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk from standard input. */
class PipedDiskTest {
    private static final int SIZE = (5 << 20) + 1000;

    @TempDir
    Path temp;

    private final InputStream before = System.in;
    private final byte[] content = new byte[SIZE];
    private Path repo;
    private Path scratch;

    @BeforeEach
    void init() throws IOException {
        repo = temp.resolve("repo");
        scratch = Files.createDirectory(temp.resolve("scratch"));
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        new SplittableRandom(1).nextBytes(content);
        Arrays.fill(content, 1 << 20, 3 << 20, (byte) 0);
        Arrays.fill(content, 4 << 20, SIZE, (byte) 0);
    }

    @AfterEach
    void putBack() {
        System.setIn(before);
    }

    private Cli.Result backUp(byte[] input, Object... more) {
        System.setIn(new ByteArrayInputStream(input));
        return Cli.run(
                Stream.concat(Stream.of("backup", "-r", repo, "--machine", "m", "--scratch", scratch), Stream.of(more))
                        .toArray());
    }

    private JsonNode snapshots() throws IOException {
        return Cli.run("snapshots", "-r", repo, "--json")
                .expect(ExitCode.DONE)
                .json()
                .path("snapshots");
    }

    private void nothingIsLeft() throws IOException {
        try (Stream<Path> left = Files.list(scratch)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void twoNights() throws IOException {
        backUp(content, "--size", SIZE, "data=-").expect(ExitCode.DONE);
        nothingIsLeft();
        Path restored = temp.resolve("out.raw");
        Cli.run("restore", "-r", repo, "latest", "--to", restored).expect(ExitCode.DONE);
        assertArrayEquals(content, Files.readAllBytes(restored));
        JsonNode first = snapshots().get(0);
        assertEquals("crash", first.path("consistency").asText());
        assertEquals("standard input", first.at("/disks/0/source").asText());
        assertEquals("raw", first.at("/disks/0/format").asText());
        content[0]++;
        JsonNode second = backUp(content, "--consistency", "application", "--json", "data=-")
                .expect(ExitCode.DONE)
                .json();
        assertEquals(65_536, second.at("/disks/0/changedBytes").asLong());
        assertEquals("application", snapshots().get(1).path("consistency").asText());
    }

    /** Half a disk looks like a smaller one, so this is where the size has to be told. */
    @Test
    void aPipeThatEndsEarlyIsCaughtBySize() throws IOException {
        Cli.Result result = backUp(Arrays.copyOf(content, SIZE / 2), "--size", SIZE, "data=-")
                .expect(ExitCode.SOURCE_FAILED);
        assertTrue(
                result.err()
                        .contains("expected " + SIZE + " bytes, found " + SIZE / 2
                                + ": the program that writes to the pipe"),
                result.err());
        backUp(new byte[0], "data=-").expect(ExitCode.SOURCE_FAILED);
        System.setIn(new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("Input/output error");
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return read();
            }
        });
        result = Cli.run("backup", "-r", repo, "--machine", "m", "--scratch", scratch, "data=-")
                .expect(ExitCode.SOURCE_FAILED);
        assertTrue(result.err().contains("nothing was stored"), result.err());
        assertEquals(0, snapshots().size());
        nothingIsLeft();
        JsonNode jobs = Cli.run("jobs", "-r", repo, "--json").json().path("jobs");
        assertEquals(3, jobs.size(), "a failed night is on record");
        // A smaller disk than last night's places a hold, even without --size.
        backUp(content, "data=-").expect(ExitCode.DONE);
        result = backUp(Arrays.copyOf(content, SIZE / 2), "data=-").expect(ExitCode.WARNINGS);
        assertTrue(result.err().contains("hold"), result.err());
    }

    @Test
    void onlyRawDisksByName() throws IOException {
        byte[] vhdx = Arrays.copyOf("vhdxfile".getBytes(StandardCharsets.US_ASCII), 1 << 20);
        Cli.Result result = backUp(vhdx, "data=-").expect(ExitCode.SOURCE_FAILED);
        assertTrue(result.err().contains("expected a raw disk, found"), result.err());
        backUp(vhdx, "--format", "raw", "data=-").expect(ExitCode.DONE);
        backUp(content, "--format", "vhdx", "data=-").expect(ExitCode.USAGE);
        backUp(content, "-").expect(ExitCode.USAGE);
        backUp(content, "data=-", "other=-").expect(ExitCode.USAGE);
        backUp(content, "--dry-run", "data=-").expect(ExitCode.USAGE);
        Path file = Files.write(temp.resolve("disk.raw"), content);
        backUp(content, "data=" + file).expect(ExitCode.USAGE); // --scratch goes with standard input
        assertEquals(1, snapshots().size());
    }
}
