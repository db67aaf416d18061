package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a disk can be restored as. */
class RestoreFormatsTest {
    private static final int SIZE = 9 << 20;

    @TempDir
    Path temp;

    private Path repo;
    private Path disk;
    private byte[] content;

    @BeforeEach
    void oneNight() throws IOException {
        repo = temp.resolve("repo");
        disk = temp.resolve("disk.raw");
        content = new byte[SIZE];
        new SplittableRandom(1).nextBytes(content);
        Arrays.fill(content, 1 << 20, 3 << 20, (byte) 0);
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        night();
    }

    private void night() throws IOException {
        Files.write(disk, content);
        Cli.run("backup", "-r", repo, "--machine", "m", "system=" + disk).expect(ExitCode.DONE);
    }

    private Cli.Result restore(String snapshot, Path to, Object... more) {
        Object[] arguments = new Object[6 + more.length];
        System.arraycopy(new Object[] {"restore", "-r", repo, snapshot, "--to", to}, 0, arguments, 0, 6);
        System.arraycopy(more, 0, arguments, 6, more.length);
        return Cli.run(arguments);
    }

    /** What the file says it contains, by way of another repository. */
    private byte[] read(Path file) throws IOException {
        Path other = temp.resolve("other-" + file.getFileName());
        Cli.run("init", "-r", other).expect(ExitCode.DONE);
        Cli.run("backup", "-r", other, "--machine", "m", file).expect(ExitCode.DONE);
        Path raw = temp.resolve("raw-" + file.getFileName());
        Cli.run("restore", "-r", other, "latest", "--to", raw, "--format", "raw")
                .expect(ExitCode.DONE);
        return Files.readAllBytes(raw);
    }

    private String info(Path file) {
        return Cli.run("vhdx", "info", file).expect(ExitCode.DONE).out();
    }

    @Test
    void fixedAndShapedVhdx() throws IOException {
        Path fixed = temp.resolve("fixed.vhdx");
        restore("latest", fixed, "--format", "vhdx-fixed").expect(ExitCode.DONE);
        assertArrayEquals(content, read(fixed));
        assertTrue(info(fixed).contains("leave blocks allocated"), info(fixed));
        Path shaped = temp.resolve("shaped.vhdx");
        restore(
                        "latest",
                        shaped,
                        "--block-size",
                        "4MiB",
                        "--logical-sector-size",
                        4096,
                        "--physical-sector-size",
                        4096,
                        "--new-id")
                .expect(ExitCode.DONE);
        assertArrayEquals(content, read(shaped));
        assertTrue(info(shaped).contains("block size 4194304"), info(shaped));
    }

    @Test
    void vhd() throws IOException {
        Path dynamic = temp.resolve("dynamic.vhd");
        restore("latest", dynamic).expect(ExitCode.DONE);
        assertArrayEquals(content, read(dynamic));
        Path small = temp.resolve("small.vhd");
        restore("latest", small, "--block-size", "512KiB", "--new-id").expect(ExitCode.DONE);
        assertArrayEquals(content, read(small));
        assertTrue(Files.size(small) < SIZE, "zeros take no space: " + Files.size(small));
        Path fixed = temp.resolve("fixed.vhd");
        restore("latest", fixed, "--format", "vhd-fixed").expect(ExitCode.DONE);
        assertArrayEquals(content, read(fixed));
        assertEquals(SIZE + 512, Files.size(fixed));
        restore("latest", temp.resolve("no.vhd"), "--block-size", "1MiB").expect(ExitCode.TARGET_FAILED);
        restore("latest", temp.resolve("no.vhd"), "--format", "vhd-fixed", "--block-size", "2MiB")
                .expect(ExitCode.USAGE);
    }

    @Test
    void aChainOfThreeNights() throws IOException {
        byte[] first = content.clone();
        content[5 << 20] ^= 1;
        Arrays.fill(content, 6 << 20, 7 << 20, (byte) 0);
        night();
        byte[] second = content.clone();
        new SplittableRandom(2).nextBytes(content);
        System.arraycopy(second, 0, content, 0, 8 << 20);
        night();

        Path a = temp.resolve("a.vhdx");
        Path b = temp.resolve("b.avhdx");
        Path c = temp.resolve("c.avhdx");
        restore("latest~2", a).expect(ExitCode.DONE);
        JsonNode second2 = restore("latest~1", b, "--since", "latest~2", "--over", a, "--json")
                .expect(ExitCode.DONE)
                .json();
        assertEquals((1 << 20) + 65536, second2.path("writtenBytes").asLong());
        Cli.Result third =
                restore("latest", c, "--since", "latest~1", "--over", b).expect(ExitCode.DONE);
        assertFalse(third.err().contains("comparing it"), "known by its DataWriteGuid: " + third.err());
        // Headers, tables and log, one sector bitmap, and the two blocks of 2 MiB that something changed in.
        assertEquals((4 + 1 + 2 * 2) << 20, Files.size(b));
        assertArrayEquals(first, read(a));
        assertArrayEquals(second, read(b));
        assertArrayEquals(content, read(c));

        // The middle one is in another state than the snapshot that is named.
        Cli.Result wrong = restore("latest", temp.resolve("d.avhdx"), "--since", "latest~2", "--over", b);
        assertTrue(wrong.expect(ExitCode.USAGE).err().contains("is not the disk of that snapshot"), wrong.err());
        assertFalse(Files.exists(temp.resolve("d.avhdx")));
    }

    /** A difference needs its parent, and all below it: none of them can be its target. */
    @Test
    void aDifferenceDoesNotReplaceItsOwnParent() throws IOException {
        Path a = temp.resolve("a.vhdx");
        Path b = temp.resolve("b.avhdx");
        restore("latest", a).expect(ExitCode.DONE);
        byte[] parent = Files.readAllBytes(a);
        content[0] ^= 1;
        night();
        restore("latest", a, "--since", "latest~1", "--over", a, "--force").expect(ExitCode.USAGE);
        restore("latest", b, "--since", "latest~1", "--over", a).expect(ExitCode.DONE);
        Path link = Files.createSymbolicLink(temp.resolve("link.vhdx"), a);
        content[1 << 20] ^= 1;
        night();
        for (Path target : new Path[] {a, b, link}) {
            Cli.Result wrong = restore("latest", target, "--since", "latest~1", "--over", b, "--force");
            assertTrue(wrong.expect(ExitCode.USAGE).err().contains("as its parent"), wrong.err());
        }
        assertArrayEquals(parent, Files.readAllBytes(a));
        Path c = Files.write(temp.resolve("c.avhdx"), new byte[1]);
        restore("latest", c, "--since", "latest~1", "--over", b, "--force").expect(ExitCode.DONE);
        assertArrayEquals(content, read(c));
    }

    /** In place, the disk's bytes go where the file's structures are. */
    @Test
    void imageFilesAreNotWrittenInPlace() throws IOException {
        Path vhdx = temp.resolve("a.vhdx");
        Path vhd = temp.resolve("a.vhd");
        Path unnamed = temp.resolve("a.bin");
        restore("latest", vhdx, "--format", "vhdx-fixed").expect(ExitCode.DONE);
        restore("latest", vhd, "--format", "vhd-fixed").expect(ExitCode.DONE);
        Files.copy(vhdx, unnamed);
        byte[] qcow = new byte[SIZE];
        System.arraycopy(new byte[] {'Q', 'F', 'I', (byte) 0xFB}, 0, qcow, 0, 4);
        Path foreign = Files.write(temp.resolve("a.img"), qcow);
        for (Path target : new Path[] {vhdx, vhd, unnamed, foreign}) {
            byte[] before = Files.readAllBytes(target);
            Cli.Result wrong = restore("latest", target, "--in-place").expect(ExitCode.USAGE);
            assertTrue(wrong.err().contains("nothing was written"), wrong.err());
            assertArrayEquals(before, Files.readAllBytes(target), target.toString());
        }
    }

    /** A guest may keep an image file at the very beginning of its disk: a restore of that can be repeated. */
    @Test
    void aRawDiskMayBeginLikeAnImageFile() throws IOException {
        Path vhdx = temp.resolve("a.vhdx");
        restore("latest", vhdx, "--format", "vhdx-fixed").expect(ExitCode.DONE);
        long first = Cli.run("vhdx", "map", vhdx, "--offset", 0, "--length", 4096, "--json")
                .expect(ExitCode.DONE)
                .json()
                .at("/segments/0/fileOffset")
                .asLong();
        byte[] nested = "vhdxfile".getBytes(StandardCharsets.US_ASCII);
        try (RandomAccessFile file = new RandomAccessFile(vhdx.toFile(), "rw")) {
            file.seek(first);
            file.write(nested);
        }
        System.arraycopy(nested, 0, content, 0, nested.length);
        Path other = temp.resolve("nested");
        Cli.run("init", "-r", other).expect(ExitCode.DONE);
        Cli.run("backup", "-r", other, "--machine", "m", vhdx).expect(ExitCode.DONE);
        Path target = Files.write(temp.resolve("target"), Arrays.copyOf(nested, SIZE));
        Cli.run("restore", "-r", other, "latest", "--to", target, "--in-place").expect(ExitCode.DONE);
        assertArrayEquals(content, Files.readAllBytes(target));
    }

    /** Any file with the right content can be the parent; one that Varve did not write is read. */
    @Test
    void aParentOfAnotherMakeIsCompared() throws IOException {
        Path a = temp.resolve("a.vhdx");
        restore("latest", a, "--new-id", "--allow-damaged").expect(ExitCode.DONE);
        content[0] ^= 1;
        night();
        Path b = temp.resolve("b.avhdx");
        Cli.Result result =
                restore("latest", b, "--since", "latest~1", "--over", a).expect(ExitCode.DONE);
        assertTrue(result.err().contains("comparing it"), result.err());
        assertArrayEquals(content, read(b));
    }

    @Test
    void optionsThatMakeNoSense() throws IOException {
        Path a = temp.resolve("a.vhdx");
        restore("latest", a, "--since", "latest").expect(ExitCode.USAGE);
        restore("latest", a, "--over", disk).expect(ExitCode.USAGE);
        restore("latest", a, "--since", "latest", "--over", temp.resolve("none"))
                .expect(ExitCode.USAGE);
        restore("latest", a, "--since", "latest", "--over", disk).expect(ExitCode.SOURCE_FAILED);
        restore("latest", a, "--format", "qcow2").expect(ExitCode.USAGE);
        restore("latest", a, "--block-size", "3MiB").expect(ExitCode.TARGET_FAILED);
        restore("latest", temp.resolve("a.raw"), "--block-size", "4MiB").expect(ExitCode.USAGE);
        restore("latest", temp.resolve("a.raw"), "--logical-sector-size", "512").expect(ExitCode.USAGE);
        restore("latest", disk, "--in-place", "--new-id").expect(ExitCode.USAGE);
        assertFalse(Files.exists(a));
    }
}
