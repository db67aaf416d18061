package io.varve.adapters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.chain.MissingParentException;
import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.contract.Program;
import io.varve.adapters.contract.SharedImages;
import io.varve.adapters.contract.VhdxBuilder;
import io.varve.adapters.file.Reader;
import io.varve.adapters.file.UnsupportedImageException;
import io.varve.engine.port.DiskImage;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskImagesTest {
    @TempDir
    Path folder;

    private Path file(String name, String start) throws IOException {
        return Files.write(folder.resolve(name), Arrays.copyOf(start.getBytes(StandardCharsets.ISO_8859_1), 4096));
    }

    private static String format(Path file) throws IOException {
        try (DiskImage image = DiskImages.open(file, Reader.AUTO)) {
            assertEquals(file.toString(), image.location());
            return image.format();
        }
    }

    private static void refused(Class<? extends IOException> type, String reason, Path file) {
        IOException refusal = assertThrows(type, () -> DiskImages.open(file, Reader.AUTO));
        assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
        assertTrue(refusal.getMessage().contains(file.toString()), refusal.getMessage());
    }

    @Test
    void contentDecidesAndVhdxNamesOblige() throws IOException {
        assertEquals("raw", format(file("disk", "")));
        assertEquals("raw", format(file("disk.img", "vhdx")));
        assertEquals("raw", format(Files.createFile(folder.resolve("empty.raw"))));
        byte[] vhdx = new VhdxBuilder(1 << 20, 1 << 20).build();
        assertEquals("vhdx-dynamic", format(Files.write(folder.resolve("disk.vhdx"), vhdx)));
        assertEquals("vhdx-dynamic", format(Files.write(folder.resolve("disk.bin"), vhdx)));
        refused(CorruptDataException.class, "a VHDX", file("no.vhdx", "hello"));
        refused(CorruptDataException.class, "a VHDX", file("NO.VHDX", ""));
        refused(CorruptDataException.class, "a VHDX", file("no.avhdx", ""));
        refused(CorruptDataException.class, "file identifier", Files.createFile(folder.resolve("empty.vhdx")));
    }

    @Test
    void otherFormatsAreNeverRaw() throws IOException {
        refused(CorruptDataException.class, "the footer of a VHD", file("disk1", "conectix"));
        refused(CorruptDataException.class, "the footer of a VHD", file("fixed.vhd", ""));
        refused(CorruptDataException.class, "the footer of a VHD", file("CHILD.AVHD", ""));
        refused(CorruptDataException.class, "VHD Set", file("disk2", "vhdsetv1"));
        refused(CorruptDataException.class, "VHD Set", file("set.vhdx", "vhdsetv1"));
        refused(CorruptDataException.class, "VHD Set", file("set.vhds", ""));
        refused(UnsupportedImageException.class, "qcow", file("disk3", "QFI\u00FB"));
        refused(UnsupportedImageException.class, "VMDK", file("disk4", "KDMV"));
        refused(UnsupportedImageException.class, "VMDK", file("disk5", "# Disk DescriptorFile"));
        refused(UnsupportedImageException.class, "VDI", file("disk6", "\0".repeat(64) + "\u007F\u0010\u00DA\u00BE"));
        assertThrows(IOException.class, () -> DiskImages.open(folder.resolve("missing"), Reader.AUTO));
    }

    @Test
    void aNameThatPromisesWhatTheFileDoesNotHold() throws IOException {
        for (String name :
                List.of("a.qcow2", "a.vmdk", "a.vdi", "a.raw.gz", "A.XZ", "a.zst", "a.bz2", "a.ova", "a.7z")) {
            refused(UnsupportedImageException.class, "is raw by its content", file(name, ""));
        }
        refused(
                UnsupportedImageException.class,
                "is an old VHD by its content, but a VHDX",
                file("b.vhdx", "conectix"));
        refused(UnsupportedImageException.class, "is a VHDX by its content, but an old VHD", file("b.vhd", "vhdxfile"));
        refused(UnsupportedImageException.class, "qcow", file("c.vhdx", "QFI\u00FB"));
        refused(UnsupportedImageException.class, "compressed (gzip)", file("c.vhd", "\u001F\u008B\b"));
    }

    @Test
    void compressedFilesAreNoDisks() throws IOException {
        Path raw = file("disk", "");
        for (String tool : List.of("gzip", "xz", "zstd", "bzip2", "lz4", "lzop", "zip")) {
            Path packed = folder.resolve("packed by " + tool + ".img");
            Program.Result made = tool.equals("zip")
                    ? Program.run("sh", "-c", "exec zip -q - \"$1\" > \"$2\"", "sh", raw.toString(), packed.toString())
                    : Program.run(
                            "sh",
                            "-c",
                            "exec " + tool + " -c \"$1\" > \"$2\"",
                            "sh",
                            raw.toString(),
                            packed.toString());
            if (made.exitCode() == 0) {
                refused(UnsupportedImageException.class, "--format raw", packed);
                assertEquals("raw", formatAs(packed, SourceFormat.RAW));
            } else {
                System.err.println("skipped: " + tool + " is not installed");
            }
        }
        refused(UnsupportedImageException.class, "gzip", file("gz.img", "\u001F\u008B\b"));
        refused(UnsupportedImageException.class, "Zstandard", file("zst.img", "(\u00B5/\u00FD"));
    }

    private static String formatAs(Path file, SourceFormat format) throws IOException {
        try (DiskImage image = DiskImages.open(file, format, Reader.AUTO, ParentSearch.sameFolder())) {
            return image.format();
        }
    }

    @Test
    void theOperatorSaysWhatItIs() throws IOException {
        assertEquals("raw", formatAs(file("a.qcow2", "QFI\u00FB"), SourceFormat.RAW));
        assertEquals("raw", formatAs(file("a.vhdx", "vhdxfile"), SourceFormat.RAW));
        assertEquals("raw", formatAs(file("a.vhd", ""), SourceFormat.RAW));
        byte[] vhdx = new VhdxBuilder(1 << 20, 1 << 20).build();
        assertEquals("vhdx-dynamic", formatAs(Files.write(folder.resolve("a.vmdk"), vhdx), SourceFormat.VHDX));
        assertThrows(CorruptDataException.class, () -> formatAs(file("b", ""), SourceFormat.VHDX));
        assertThrows(CorruptDataException.class, () -> formatAs(file("b", ""), SourceFormat.VHD));
    }

    @Test
    void realVhdAndVhdSet() throws IOException {
        Path vhd = SharedImages.unpack(SharedImages.named("dissect/dynamic.vhd"), folder);
        assertEquals("vhd-dynamic", format(vhd));
        assertEquals("vhd-dynamic", format(Files.move(vhd, folder.resolve("dynamic.bin"))));
        Path fixed = SharedImages.unpack(SharedImages.named("dissect/fixed.vhd"), folder);
        assertEquals("vhd-fixed", format(fixed));
        // Nothing at its beginning tells it from a raw disk, and what is at its end a guest could have written.
        assertEquals("raw", format(Files.move(fixed, folder.resolve("fixed.bin"))));
        assertEquals("vhd-fixed", formatAs(folder.resolve("fixed.bin"), SourceFormat.VHD));
        Path set = SharedImages.unpack(SharedImages.named("wpts/rsvd.vhds"), folder);
        refused(MissingParentException.class, "rsvd_9ac15b72-2a6d-44b2-ba7c-f5f06831c74a.avhdx", set);
        byte[] vhdx = new VhdxBuilder(1 << 20, 1 << 20).build();
        Path data = Files.write(set.resolveSibling("rsvd_9ac15b72-2a6d-44b2-ba7c-f5f06831c74a.avhdx"), vhdx);
        try (DiskImage image = DiskImages.open(set, Reader.AUTO)) {
            assertEquals("vhdx-dynamic", image.format());
            assertEquals(data.toString(), image.location());
        }
    }
}
