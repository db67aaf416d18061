package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources and targets that somebody writes to, and disks that lost what they held, as an operator meets them. */
class InUseTest {
    private static final int SIZE = 1 << 20;

    @TempDir
    Path temp;

    private Path repo;
    private Path disk;
    private byte[] content;

    @BeforeEach
    void repositoryAndDisk() throws IOException {
        repo = temp.resolve("repo");
        content = new byte[SIZE];
        new SplittableRandom(1).nextBytes(content);
        disk = Files.write(temp.resolve("disk.raw"), content);
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
    }

    private Cli.Result backUp(Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("backup", "-r", repo, "--machine", "m"));
        arguments.addAll(List.of(more));
        return Cli.run(arguments.toArray());
    }

    private JsonNode snapshots() throws IOException {
        return Cli.run("snapshots", "-r", repo, "--json").json().path("snapshots");
    }

    private static void onLinux() {
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/fd")), "only Linux tells who uses a file");
    }

    @Test
    void aSourceThatSomebodyWritesToIsFuzzyOrRefused() throws IOException {
        onLinux();
        try (FileChannel writer = FileChannel.open(disk, StandardOpenOption.WRITE)) {
            assertTrue(writer.isOpen());
            Cli.Result refused = backUp("--require-frozen", disk).expect(ExitCode.SOURCE_FAILED);
            assertTrue(refused.err().contains("open for writing by"), refused.err());
            assertTrue(refused.err().contains("or omit the option"), refused.err());
            assertEquals(0, snapshots().size());
            Cli.Result fuzzy = backUp(disk).expect(ExitCode.WARNINGS);
            assertTrue(fuzzy.err().contains("[source-in-use]"), fuzzy.err());
        }
        assertEquals("fuzzy", snapshots().at("/0/consistency").asText());
        assertTrue(Cli.run("snapshots", "-r", repo).out().contains("full, fuzzy"));
        assertTrue(Cli.run("restore", "-r", repo, "latest", "--to", temp.resolve("fuzzy.raw"))
                .expect(ExitCode.DONE)
                .err()
                .contains("is fuzzy"));
        backUp("--require-frozen", disk).expect(ExitCode.DONE);
        assertEquals("offline", snapshots().at("/1/consistency").asText());
    }

    @Test
    void aParentThatSomebodyWritesToCountsToo() throws IOException {
        onLinux();
        backUp("s=" + disk).expect(ExitCode.DONE);
        content[5] ^= 1;
        Files.write(disk, content);
        backUp("s=" + disk).expect(ExitCode.DONE);
        Path parent = temp.resolve("parent.vhdx");
        Path child = temp.resolve("child.avhdx");
        Cli.run("restore", "-r", repo, "latest~1", "--to", parent).expect(ExitCode.DONE);
        Cli.run("restore", "-r", repo, "latest", "--to", child, "--since", "latest~1", "--over", parent)
                .expect(ExitCode.DONE);
        backUp("--require-frozen", "s=" + child).expect(ExitCode.DONE);
        for (Path inUse : List.of(parent, child)) {
            try (FileChannel writer = FileChannel.open(inUse, StandardOpenOption.WRITE)) {
                assertTrue(writer.isOpen());
                Cli.Result refused = backUp("--require-frozen", "s=" + child).expect(ExitCode.SOURCE_FAILED);
                assertTrue(refused.err().contains(inUse + " is in use"), refused.err());
            }
        }
    }

    @Test
    void aTargetInUseIsRefusedUnlessForced() throws IOException {
        onLinux();
        backUp(disk).expect(ExitCode.DONE);
        Path target = Files.write(temp.resolve("target.raw"), new byte[SIZE]);
        try (FileChannel other = FileChannel.open(target, StandardOpenOption.WRITE)) {
            assertTrue(other.isOpen());
            Cli.Result refused = Cli.run("restore", "-r", repo, "latest", "--to", target, "--in-place")
                    .expect(ExitCode.REFUSED);
            assertTrue(refused.err().contains("open for writing by"), refused.err());
            assertTrue(refused.err().contains("--force"), refused.err());
            assertArrayEquals(new byte[SIZE], Files.readAllBytes(target));
            Cli.Result forced = Cli.run("restore", "-r", repo, "latest", "--to", target, "--in-place", "--force")
                    .expect(ExitCode.WARNINGS);
            assertTrue(forced.err().contains("[target-in-use]"), forced.err());
            assertArrayEquals(content, Files.readAllBytes(target));
            Cli.Result replaced = Cli.run("restore", "-r", repo, "latest", "--to", target, "--force")
                    .expect(ExitCode.WARNINGS);
            assertTrue(replaced.err().contains("what it writes there will be lost"), replaced.err());
        }
        Cli.run("restore", "-r", repo, "latest", "--to", target, "--in-place").expect(ExitCode.DONE);
    }

    @Test
    void oldDataBehindTheDiskIsTold() throws IOException {
        backUp(disk).expect(ExitCode.DONE);
        byte[] old = new byte[SIZE + 4096];
        Arrays.fill(old, (byte) 7);
        Path target = Files.write(temp.resolve("target.raw"), old);
        Cli.Result larger = Cli.run("restore", "-r", repo, "latest", "--to", target, "--in-place")
                .expect(ExitCode.WARNINGS);
        assertTrue(larger.err().contains("4096 bytes of old data"), larger.err());
        byte[] now = Files.readAllBytes(target);
        assertArrayEquals(content, Arrays.copyOf(now, SIZE));
        assertArrayEquals(Arrays.copyOf(old, 4096), Arrays.copyOfRange(now, SIZE, now.length));
    }

    @Test
    void lostContentIsAWarning() throws IOException {
        backUp(disk).expect(ExitCode.DONE);
        Files.write(disk, Arrays.copyOf(content, SIZE / 2));
        assertTrue(backUp(disk).expect(ExitCode.WARNINGS).err().contains("[disk-shrunk]"));
        Files.write(disk, new byte[SIZE]);
        assertTrue(backUp(disk).expect(ExitCode.WARNINGS).err().contains("[disk-all-zero]"));
        Files.write(disk, new byte[0]);
        assertTrue(backUp(disk).expect(ExitCode.WARNINGS).err().contains("[disk-empty]"));
        backUp(disk).expect(ExitCode.DONE);
        assertEquals(5, snapshots().size());
        List<String> codes = new ArrayList<>();
        Cli.run("hold", "list", "-r", repo, "--json")
                .json()
                .path("holds")
                .forEach(hold -> codes.add(hold.path("code").asText()));
        codes.sort(null);
        assertEquals(List.of("disk-all-zero", "disk-empty", "disk-shrunk"), codes);
        Cli.Result kept = Cli.run("forget", "-r", repo, "--keep-last", 1).expect(ExitCode.WARNINGS);
        assertTrue(kept.out().contains("forgot 0 of 5"), kept.out());
        assertEquals(5, snapshots().size());
    }

    @Test
    void aFileThatIsNotWhatItsNamePromises() throws IOException {
        Path image = Files.copy(disk, temp.resolve("disk.vhdx"));
        backUp("s=" + image).expect(ExitCode.SOURCE_FAILED);
        Path packed = Files.write(temp.resolve("packed.img"), new byte[] {0x1F, (byte) 0x8B, 8, 0});
        Cli.Result refused = backUp("d=" + disk, "p=" + packed).expect(ExitCode.SOURCE_FAILED);
        assertTrue(refused.err().contains("compressed (gzip)"), refused.err());
        assertTrue(refused.err().contains("--format raw"), refused.err());
        assertEquals(0, snapshots().size());
        backUp("--format", "auto", "d=" + disk, "p=" + packed).expect(ExitCode.SOURCE_FAILED);
        backUp("--format", "raw", "s=" + image, "p=" + packed).expect(ExitCode.DONE);
        backUp("--gone", "s", "--format", "auto", "--format", "raw", "d=" + disk, "p=" + packed)
                .expect(ExitCode.DONE);
        backUp("--format", "raw", "--format", "raw", "d=" + disk).expect(ExitCode.USAGE);
        backUp("--format", "qcow2", "d=" + disk).expect(ExitCode.USAGE);
        assertFalse(snapshots().at("/1/disks/1/format").isMissingNode());
    }

    @Test
    void sectorSizesThatDifferAreTold() throws IOException {
        backUp(disk).expect(ExitCode.DONE);
        Path same = temp.resolve("same.vhdx");
        Cli.Result silent =
                Cli.run("restore", "-r", repo, "latest", "--to", same).expect(ExitCode.DONE);
        assertFalse(silent.err().contains("sectors"), silent.err());
        Path large = temp.resolve("4k.vhdx");
        Cli.Result other = Cli.run(
                        "restore",
                        "-r",
                        repo,
                        "latest",
                        "--to",
                        large,
                        "--logical-sector-size",
                        4096,
                        "--physical-sector-size",
                        4096)
                .expect(ExitCode.DONE);
        assertTrue(other.err().contains("has sectors of 4096 bytes, the disk had sectors of 512"), other.err());
        backUp("k=" + large).expect(ExitCode.DONE);
        Cli.Result raw = Cli.run("restore", "-r", repo, "latest", "--to", temp.resolve("4k.raw"))
                .expect(ExitCode.DONE);
        assertTrue(raw.err().contains("sector size of 4096 bytes"), raw.err());
    }

    @Test
    void aDeviceWithOtherSectorsIsTold() throws IOException, InterruptedException {
        backUp(disk).expect(ExitCode.DONE);
        Path backing = Files.write(temp.resolve("backing"), new byte[SIZE]);
        String device = loopDevice("--sector-size", "4096", backing.toString());
        try {
            Cli.Result restored = Cli.run("restore", "-r", repo, "latest", "--to", device, "--in-place")
                    .expect(ExitCode.WARNINGS);
            assertTrue(restored.err().contains("[sector-size]"), restored.err());
        } finally {
            detach(device);
        }
        assertArrayEquals(content, Files.readAllBytes(backing));
    }

    /** A device is backed up whole, and with the file that it shows it is one disk under two paths. */
    @Test
    void aLoopDeviceIsASource() throws IOException, InterruptedException {
        Path back = temp.resolve("back.raw");
        String device = loopDevice("--read-only", disk.toString());
        try {
            for (String reader : List.of("mapped", "direct", "uncached")) {
                backUp("--reader", reader, "d=" + device).expect(ExitCode.DONE);
                Cli.run("restore", "-r", repo, "latest", "--to", back, "--force")
                        .expect(ExitCode.DONE);
                assertArrayEquals(content, Files.readAllBytes(back), reader);
            }
            JsonNode latest = snapshots().get(snapshots().size() - 1);
            assertEquals("offline", latest.path("consistency").asText(), "nobody writes to a read-only device");
            Cli.Result twice = backUp("a=" + device, "b=" + disk).expect(ExitCode.USAGE);
            assertTrue(twice.err().contains("are the same file or device"), twice.err());
            assertEquals(3, snapshots().size());
        } finally {
            detach(device);
        }
    }

    private static String loopDevice(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("losetup", "--find", "--show"));
        command.addAll(List.of(options));
        Process made;
        try {
            made = new ProcessBuilder(command).start();
        } catch (IOException e) {
            made = null;
        }
        Assumptions.assumeTrue(made != null && made.waitFor() == 0, "no loop device can be made here");
        return new String(made.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
    }

    private static void detach(String device) throws IOException, InterruptedException {
        new ProcessBuilder("losetup", "--detach", device).start().waitFor();
    }
}
