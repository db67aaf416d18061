package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.adapters.rsvd.SharedDiskServer;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A week of nights of a shared disk, over the network, from a server that counts what is read. */
class SharedDiskWeekTest {
    private static final int SIZE = 24 << 20;
    private static final int BLOCK = 64 << 10;
    private static final int NIGHTS = 7;

    /** Every second piece of 4 KiB: more ranges than one answer of this server holds. */
    private static final int NIGHT_OF_MANY_RANGES = 4;

    @TempDir
    private Path folder;

    private final SplittableRandom random = new SplittableRandom(22);
    private final byte[] content = new byte[SIZE];
    private SharedDiskServer shared;
    private Path password;

    @BeforeEach
    void start() throws Exception {
        random.nextBytes(content);
        password = Files.writeString(folder.resolve("password"), SharedDiskServer.PASSWORD + "\n");
        shared = SharedDiskServer.start(Files.createDirectory(folder.resolve("server")), content);
        Cli.run("init", "-r", folder.resolve("repo")).expect(ExitCode.DONE);
    }

    @AfterEach
    void stop() throws IOException {
        if (shared != null) {
            shared.close();
        }
    }

    private Cli.Result run(Object... command) {
        Object[] all = new Object[command.length + 4];
        System.arraycopy(command, 0, all, 0, command.length);
        Object[] rest = {"--smb-user", SharedDiskServer.USER, "--smb-password-file", password};
        System.arraycopy(rest, 0, all, command.length, rest.length);
        return Cli.run(all);
    }

    private JsonNode night() throws IOException {
        Path repository = folder.resolve("repo");
        JsonNode told = run(
                        "backup",
                        "-r",
                        repository,
                        "--machine",
                        "cluster1",
                        "--via",
                        "rsvd",
                        "--audit",
                        "5",
                        "--json",
                        shared.url())
                .expect(ExitCode.DONE)
                .json();
        return told.path("disks").get(0);
    }

    private void assertRestores(int night) throws IOException {
        Path out = folder.resolve("out.raw");
        Cli.run("restore", "-r", folder.resolve("repo"), "latest", "--to", out, "--force")
                .expect(ExitCode.DONE);
        assertArrayEquals(content, Files.readAllBytes(out), "night " + night);
    }

    /** What machines write by day. Returns the numbers of the blocks. */
    private Set<Integer> day(int night) throws IOException {
        Set<Integer> blocks = new TreeSet<>();
        int step = night == NIGHT_OF_MANY_RANGES ? 8192 : 0;
        for (int i = 0; i < (step > 0 ? SIZE / step : 20); i++) {
            int at = step > 0 ? i * step : random.nextInt(SIZE);
            content[at]++;
            blocks.add(at / BLOCK);
        }
        Files.write(shared.disk(), content);
        return blocks;
    }

    private static Set<Integer> blocksRead(List<List<String>> done) {
        Set<Integer> blocks = new TreeSet<>();
        for (List<String> line : done) {
            if (line.get(0).equals("read")) {
                int from = Integer.parseInt(line.get(2));
                int end = from + Integer.parseInt(line.get(3));
                for (int block = from / BLOCK; block * BLOCK < end; block++) {
                    blocks.add(block);
                }
            }
        }
        return blocks;
    }

    private static long count(List<List<String>> done, String operation) {
        return done.stream().filter(line -> line.get(0).equals(operation)).count();
    }

    private void week(boolean keepsReferences) throws IOException {
        UUID foreign = shared.foreignSnapshot();
        for (int night = 1; night <= NIGHTS; night++) {
            Set<Integer> changed = night == 1 ? Set.of() : day(night);
            shared.done();
            JsonNode disk = night();
            List<List<String>> done = shared.done();
            assertRestores(night);
            Set<Integer> read = blocksRead(done);
            if (night == 1) {
                assertEquals(SIZE / BLOCK, read.size());
            } else {
                assertTrue(read.containsAll(changed), "night " + night + ": a changed block was not read");
                read.removeAll(changed);
                long audited = disk.path("auditedBytes").asLong() / BLOCK;
                // The first block is looked at besides, for the disk's GUID in its partition table.
                long besides = read.size() - audited;
                assertTrue(
                        besides == 0 || besides == 1 && read.contains(0),
                        "night " + night + ": read besides the changes " + read + ", of which audit " + audited);
                assertTrue(audited < SIZE / BLOCK / 4, "night " + night + " audited " + audited);
                long questions = count(done, "changes");
                assertTrue(night == NIGHT_OF_MANY_RANGES ? questions > 1 : questions == 1, questions + " questions");
            }
            assertTrue(
                    done.stream()
                            .noneMatch(line ->
                                    line.get(0).equals("read") && line.get(1).equals("live")),
                    "read the live disk");
            assertTrue(shared.snapshots().contains(foreign), "the snapshot of another product is gone");
            assertEquals(keepsReferences ? 1 : 2, shared.snapshots().size(), "snapshots after night " + night);
        }
        Cli.run("fsck", "-r", folder.resolve("repo"), "--deep").expect(ExitCode.DONE);
    }

    @Test
    void aWeekWithReferences() throws IOException {
        week(true);
    }

    /** The newest snapshot stays at the server as the base. */
    @Test
    void aWeekAtAServerThatKeepsNoReferences() throws IOException {
        shared.settings("references no");
        week(false);
    }

    @Test
    void commandsAboutTheDisk() throws IOException {
        UUID foreign = shared.foreignSnapshot();
        JsonNode info = run("rsvd", "info", "--json", shared.url())
                .expect(ExitCode.DONE)
                .json();
        assertEquals(SIZE, info.path("size").asLong(), info.toString());
        content[5 * 4096]++;
        Files.write(shared.disk(), content);
        UUID later = shared.foreignSnapshot();
        String listed =
                run("rsvd", "snapshots", shared.url()).expect(ExitCode.DONE).out();
        assertTrue(listed.contains(foreign.toString()) && listed.contains(later.toString()), listed);
        JsonNode changes = run("rsvd", "changes", "--json", "--from", foreign, "--to", later, shared.url())
                .expect(ExitCode.DONE)
                .json();
        assertEquals(4096, changes.path("changedBytes").asLong(), changes.toString());
        run("rsvd", "delete-snapshot", shared.url(), foreign).expect(ExitCode.REFUSED);
        assertEquals(Set.of(foreign, later), shared.snapshots());
        run("rsvd", "delete-snapshot", "--force", shared.url(), foreign).expect(ExitCode.DONE);
        assertEquals(Set.of(later), shared.snapshots());
    }
}
