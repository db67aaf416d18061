package io.varve.adapters.vhd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.contract.Program;
import io.varve.adapters.file.LocalFile;
import io.varve.adapters.file.Reader;
import io.varve.engine.port.DiskTarget;
import io.varve.engine.range.Range;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other programs read what is written here, and what they write is read here. */
class VhdOracleTest {
    private static final int MIB = 1 << 20;
    private static final UUID ID = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");

    @TempDir
    Path folder;

    /** Sizes that the geometry hits and misses; all end inside a block. */
    private static List<NewVhd> shapes() {
        List<NewVhd> shapes = new ArrayList<>();
        for (long size : new long[] {512, 3L * MIB, 5L * MIB + 512, 4212736, 70L * MIB + 1024}) {
            NewVhd shape = NewVhd.ofSize(size).withUniqueId(ID);
            shapes.addAll(List.of(shape, shape.withBlockSize(512 << 10), shape.asFixed()));
        }
        return shapes;
    }

    private Path write(NewVhd shape, Path model, SplittableRandom random) throws IOException {
        Path file = folder.resolve("disk.vhd");
        try (DiskTarget target = VhdTarget.create(file, shape, true);
                RandomAccessFile raw = new RandomAccessFile(model.toFile(), "rw")) {
            raw.setLength(shape.size());
            for (int piece = 0; piece < 8; piece++) {
                byte[] data = new byte[random.nextInt((int) Math.min(shape.size(), 300_000)) + 1];
                random.nextBytes(data);
                long offset = piece == 0 ? shape.size() - data.length : random.nextLong(shape.size() - data.length + 1);
                target.write(offset, ByteBuffer.wrap(data));
                raw.seek(offset);
                raw.write(data);
            }
            target.zero(new Range(shape.size() / 3, shape.size() / 3));
            raw.seek(shape.size() / 3);
            raw.write(new byte[(int) (shape.size() / 3)]);
            target.commit();
        }
        return file;
    }

    private static String run(String label, String... command) throws IOException {
        Program.Result result = Program.run(command);
        assertEquals(0, result.exitCode(), label + ": " + result.output());
        return result.output();
    }

    private static void assume(String... command) throws IOException {
        Assumptions.assumeTrue(Program.run(command).exitCode() >= 0, command[0] + " is not installed");
    }

    @Test
    void qemuReadsTheSame() throws IOException {
        assume("qemu-img", "--version");
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (NewVhd shape : shapes()) {
            String label = "seed " + seed + ", " + shape;
            Path model = folder.resolve("model");
            String file = write(shape, model, random).toString();
            String info = run(label, "qemu-img", "info", "--output=json", "-f", "vpc", file);
            assertTrue(info.contains("\"virtual-size\": " + shape.size() + ","), label + ": " + info);
            run(label, "qemu-img", "compare", "-f", "vpc", "-F", "raw", file, model.toString());
            Files.delete(model);
        }
    }

    @Test
    void sevenZipReadsTheSame() throws IOException {
        Assumptions.assumeTrue(Program.run("7z", "i").output().contains("VHD"), "no 7z that knows VHD");
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (NewVhd shape : shapes()) {
            String label = "seed " + seed + ", " + shape;
            Path model = folder.resolve("model");
            Path out = Files.createDirectory(folder.resolve("out"));
            String file = write(shape, model, random).toString();
            run(label, "7z", "x", "-y", "-tVHD", "-o" + out, file);
            try (Stream<Path> files = Files.list(out)) {
                Path extracted = files.findFirst().orElseThrow();
                assertEquals(-1, Files.mismatch(model, extracted), label);
                Files.delete(extracted);
            }
            Files.delete(out);
            Files.delete(model);
        }
    }

    @Test
    void vhdiinfoSaysTheSame() throws IOException {
        assume("vhdiinfo", "-V");
        SplittableRandom random = new SplittableRandom(1);
        for (NewVhd shape : shapes()) {
            Path model = folder.resolve("model");
            String info = run(
                    shape.toString(), "vhdiinfo", write(shape, model, random).toString());
            String size = shape.size() >= 1024 ? "(" + shape.size() + " bytes)" : shape.size() + " bytes";
            assertTrue(info.contains(size), shape + ": " + info);
            assertTrue(info.contains(shape.fixed() ? "Fixed" : "Dynamic"), shape + ": " + info);
            // It prints the bytes as they come, which Windows does not.
            assertTrue(info.contains("33221100-5544-7766-8899-aabbccddeeff"), shape + ": " + info);
            Files.delete(model);
        }
    }

    /** A disk larger than any geometry, and than 32 bits of bytes. */
    @Test
    void qemuReadsTheEndOfALargeDisk() throws IOException {
        assume("qemu-img", "--version");
        long size = (130L << 30) + 512;
        Path file = folder.resolve("large.vhd");
        byte[] data = new byte[MIB + 512];
        new SplittableRandom(1).nextBytes(data);
        try (DiskTarget target = VhdTarget.create(file, NewVhd.ofSize(size), false)) {
            target.write(size - data.length, ByteBuffer.wrap(data));
            target.commit();
        }
        Path part = folder.resolve("part");
        String skip = "skip=" + (size - data.length) / 512;
        run("", "qemu-img", "dd", "-f", "vpc", "-O", "raw", "bs=512", skip, "if=" + file, "of=" + part);
        assertEquals(-1, Arrays.mismatch(data, Files.readAllBytes(part)));
    }

    @Test
    void whatQemuWritesIsRead() throws IOException {
        assume("qemu-img", "--version");
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        byte[] content = new byte[7 * MIB + 512];
        for (int piece = 0; piece < 5; piece++) {
            byte[] data = new byte[random.nextInt(500_000)];
            random.nextBytes(data);
            System.arraycopy(data, 0, content, random.nextInt(content.length - data.length), data.length);
        }
        Path raw = Files.write(folder.resolve("disk.raw"), content);
        for (String format : List.of("dynamic", "fixed")) {
            Path file = folder.resolve(format + ".vhd");
            String options = "force_size=on,subformat=" + format;
            run("", "qemu-img", "convert", "-f", "raw", "-O", "vpc", "-o", options, raw.toString(), file.toString());
            try (VhdChain disk = VhdChain.open(new LocalFile(file, Reader.DIRECT), ParentSearch.sameFolder())) {
                assertEquals("vhd-" + format, disk.format());
                ByteBuffer found = ByteBuffer.allocate((int) disk.size());
                disk.read(0, found);
                assertEquals(-1, Arrays.mismatch(content, found.array()), "seed " + seed);
            }
        }
    }
}
