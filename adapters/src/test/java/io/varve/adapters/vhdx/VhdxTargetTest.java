package io.varve.adapters.vhdx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.contract.NewFileTargetContract;
import io.varve.adapters.contract.Program;
import io.varve.adapters.file.ByteSources;
import io.varve.adapters.file.Reader;
import io.varve.adapters.vhdx.format.BatEntry;
import io.varve.adapters.vhdx.format.PayloadState;
import io.varve.adapters.vhdx.read.Segment;
import io.varve.adapters.vhdx.read.VhdxDisk;
import io.varve.adapters.vhdx.read.VhdxLayer;
import io.varve.adapters.vhdx.write.NewVhdx;
import io.varve.adapters.vhdx.write.NewVhdxFile;
import io.varve.adapters.vhdx.write.VhdxTarget;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.DiskTarget;
import io.varve.engine.port.TargetException;
import io.varve.engine.range.Range;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class VhdxTargetTest extends NewFileTargetContract {
    private static final int MIB = 1 << 20;

    /** Bytes that one sector bitmap covers when sectors have 512 bytes; the table's arithmetic changes there. */
    private static final long CHUNK = 4L << 30;

    @Override
    protected DiskTarget create(Path name, long size, boolean replace) throws IOException {
        return VhdxTarget.create(name, NewVhdx.ofSize(size).withBlockSize(MIB), replace);
    }

    @Override
    protected DiskImage written() throws IOException {
        return disk(folder.resolve("disk"));
    }

    private static VhdxDisk disk(Path file) throws IOException {
        return VhdxDisk.open(ByteSources.open(file, Reader.DIRECT));
    }

    /** Random data in random places, some of it zeros; what was written is put into {@code model}. */
    private static void fill(DiskTarget target, RandomAccessFile model, SplittableRandom random) throws IOException {
        for (int piece = 0; piece < 12; piece++) {
            byte[] data = new byte[random.nextInt(300_000) + 1];
            if (random.nextInt(5) > 0) {
                random.nextBytes(data);
            }
            boolean atChunk = piece == 11 && target.size() > CHUNK + MIB;
            long offset = atChunk ? CHUNK - data.length / 2 : random.nextLong(target.size() - data.length);
            target.write(offset, ByteBuffer.wrap(data));
            model.seek(offset);
            model.write(data);
        }
    }

    @Test
    void everyShapeReadsBackAndPleasesQemu() throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        boolean qemu = Program.run("qemu-img", "--version").exitCode() == 0;
        for (int blockSize = MIB; blockSize <= 256 * MIB; blockSize *= 2) {
            for (int sector : new int[] {512, 4096}) {
                boolean fixed = random.nextBoolean();
                // Larger than one chunk where blocks are small, and ending inside a block.
                long size = (blockSize == MIB ? 5L << 30 : 3L * blockSize) + 7L * 4096;
                String label =
                        "seed " + seed + ", block " + blockSize + ", sector " + sector + (fixed ? ", fixed" : "");
                Path file = folder.resolve("shape-" + blockSize + "-" + sector + ".vhdx");
                Path model = folder.resolve("model");
                UUID id = UUID.randomUUID();
                try (RandomAccessFile raw = new RandomAccessFile(model.toFile(), "rw")) {
                    raw.setLength(size);
                    NewVhdx shape = (fixed ? NewVhdx.ofSize(size).asFixed() : NewVhdx.ofSize(size))
                            .withBlockSize(blockSize)
                            .withSectorSizes(sector, 4096)
                            .withDiskId(id);
                    try (DiskTarget target = VhdxTarget.create(file, shape, false)) {
                        fill(target, raw, random);
                        target.commit();
                    }
                }
                try (VhdxDisk disk = disk(file);
                        ByteSource raw = ByteSources.open(model, Reader.DIRECT)) {
                    assertEquals(Optional.of(id), disk.guid(), label);
                    assertEquals(fixed ? "vhdx-fixed" : "vhdx-dynamic", disk.format(), label);
                    assertEquals(blockSize, disk.blockSize(), label);
                    assertEquals(sector, disk.logicalSectorSize(), label);
                    assertSameContent(raw, disk, label);
                }
                assertEquals(0, Files.size(file) % MIB, label);
                if (qemu && sector == 512) {
                    assertQemu(label, "check", "-f", "vhdx", file.toString());
                    assertQemuReads(label, file, model);
                }
                Files.delete(file);
                Files.delete(model);
            }
        }
        Assumptions.assumeTrue(qemu, "read back by our own reader only: qemu-img is not installed");
    }

    private static void assertSameContent(ByteSource raw, VhdxDisk disk, String label) throws IOException {
        assertEquals(raw.size(), disk.size(), label);
        int piece = 4 * MIB;
        ByteBuffer expected = ByteBuffer.allocate(piece);
        ByteBuffer found = ByteBuffer.allocate(piece);
        for (long offset = 0; offset < disk.size(); offset += piece) {
            int length = (int) Math.min(piece, disk.size() - offset);
            Range window = new Range(offset, length);
            if (raw.dataRanges(window).isEmpty() && disk.allocated(window).isEmpty()) {
                continue;
            }
            raw.read(offset, expected.clear().limit(length));
            disk.read(offset, found.clear().limit(length));
            assertEquals(-1, expected.flip().mismatch(found.flip()), label + " at " + offset);
        }
    }

    /** All of the disk, or of a large one (QEMU reads every zero of it) what lies around the border of two chunks. */
    private void assertQemuReads(String label, Path file, Path model) throws IOException {
        if (Files.size(model) < CHUNK) {
            assertQemu(label, "compare", "-f", "vhdx", "-F", "raw", file.toString(), model.toString());
            return;
        }
        Path part = folder.resolve("part");
        assertQemu(
                label, "dd", "-f", "vhdx", "-O", "raw", "bs=1M", "skip=4095", "count=4097", "if=" + file, "of=" + part);
        try (RandomAccessFile raw = new RandomAccessFile(model.toFile(), "r")) {
            byte[] expected = new byte[2 * MIB];
            raw.seek(CHUNK - MIB);
            raw.readFully(expected);
            assertEquals(-1, Arrays.mismatch(expected, Files.readAllBytes(part)), label);
        }
        Files.delete(part);
    }

    private static void assertQemu(String label, String... arguments) throws IOException {
        String[] command =
                Stream.concat(Stream.of("qemu-img"), Arrays.stream(arguments)).toArray(String[]::new);
        Program.Result result = Program.run(command);
        assertEquals(0, result.exitCode(), label + ": " + result.output());
    }

    /** QEMU cannot read sectors of 4096 bytes; 7-Zip can, if their number is even (of QEMU's own files, too). */
    @Test
    void largeSectorsPleaseSevenZip() throws IOException {
        Assumptions.assumeTrue(Program.run("7z").exitCode() >= 0, "7z is not installed");
        byte[] model = new byte[12 * MIB + 2 * 4096];
        new SplittableRandom(1).nextBytes(model);
        Arrays.fill(model, 4 * MIB, 9 * MIB, (byte) 0);
        NewVhdx shape = NewVhdx.ofSize(model.length).withBlockSize(4 * MIB).withSectorSizes(4096, 4096);
        Path file = folder.resolve("large.vhdx");
        try (DiskTarget target = VhdxTarget.create(file, shape, false)) {
            target.write(0, ByteBuffer.wrap(model));
            target.commit();
        }
        Program.Result result = Program.run("7z", "x", "-y", "-tVHDX", "-o" + folder, file.toString());
        assertEquals(0, result.exitCode(), result.output());
        assertEquals(-1, Arrays.mismatch(model, Files.readAllBytes(folder.resolve("large.img"))));
    }

    @Test
    void untouchedBlocksAreZeroAndTakeNoSpace() throws IOException {
        try (DiskTarget target = target(8L * MIB)) {
            target.write(0, ByteBuffer.allocate(3 * MIB));
            target.write(4L * MIB + 5, ByteBuffer.wrap(new byte[] {1}));
            target.zero(new Range(5L * MIB, 3L * MIB));
            target.commit();
        }
        try (VhdxDisk disk = disk(folder.resolve("disk"))) {
            List<Segment> segments = disk.addressMap().segments(new Range(0, disk.size()));
            assertEquals(
                    List.of(
                            new Segment(0, 4L * MIB, PayloadState.ZERO, 0, Segment.NOWHERE),
                            new Segment(4L * MIB, MIB, PayloadState.FULLY_PRESENT, 0, 4L * MIB),
                            new Segment(5L * MIB, 3L * MIB, PayloadState.ZERO, 0, Segment.NOWHERE)),
                    segments);
            assertEquals(5L * MIB, Files.size(folder.resolve("disk")));
        }
    }

    @Test
    void largestDiskIsSmallAndFast() throws IOException {
        long size = 64L << 40;
        try (VhdxTarget target = VhdxTarget.create(folder.resolve("disk"), NewVhdx.ofSize(size), false)) {
            for (int i = 0; i < 64; i++) {
                target.write(i * (1L << 40) + i * 4096L, ByteBuffer.wrap(new byte[] {1, 2, 3}));
            }
            target.write(size - 3, ByteBuffer.wrap(new byte[] {7, 8, 9}));
            target.commit();
        }
        try (VhdxDisk disk = disk(folder.resolve("disk"))) {
            assertEquals(size, disk.size());
            ByteBuffer found = ByteBuffer.allocate(3);
            disk.read(size - 3, found);
            assertEquals(ByteBuffer.wrap(new byte[] {7, 8, 9}), found.flip());
            disk.read(63 * (1L << 40) + 63 * 4096L, found.clear());
            assertEquals(ByteBuffer.wrap(new byte[] {1, 2, 3}), found.flip());
            assertTrue(disk.allocated(new Range(0, size)).totalLength() <= 65L * (32 << 20));
        }
    }

    @Tag("long")
    @Test
    void smallestBlocksOnTheLargestDisk() throws IOException {
        NewVhdx shape = NewVhdx.ofSize(64L << 40).withBlockSize(MIB);
        try (VhdxTarget target = VhdxTarget.create(folder.resolve("disk"), shape, false)) {
            target.write((64L << 40) - 1, ByteBuffer.wrap(new byte[] {5}));
            target.commit();
        }
        try (VhdxDisk disk = disk(folder.resolve("disk"))) {
            ByteBuffer found = ByteBuffer.allocate(2);
            disk.read((64L << 40) - 2, found);
            assertEquals(ByteBuffer.wrap(new byte[] {0, 5}), found.flip());
        }
    }

    @Test
    void impossibleShapesAreRefused() {
        NewVhdx sound = NewVhdx.ofSize(1 << 20);
        for (NewVhdx shape : List.of(
                NewVhdx.ofSize(0),
                NewVhdx.ofSize(-512),
                NewVhdx.ofSize(513),
                NewVhdx.ofSize((64L << 40) + 512),
                sound.withBlockSize(3 << 20),
                sound.withBlockSize(1 << 19),
                sound.withBlockSize(512 << 20),
                sound.withSectorSizes(1024, 4096),
                sound.withSectorSizes(512, 0),
                NewVhdx.ofSize(512).withSectorSizes(4096, 4096))) {
            assertThrows(TargetException.class, () -> VhdxTarget.create(folder.resolve("no"), shape, false));
            assertFalse(Files.exists(folder.resolve("no")));
        }
    }

    @Test
    void partialFileIsNoVhdx() throws IOException {
        try (VhdxTarget target = VhdxTarget.create(folder.resolve("disk"), NewVhdx.ofSize(64 << 20), false)) {
            target.write(0, ByteBuffer.wrap(new byte[] {1}));
            try (Stream<Path> files = Files.list(folder)) {
                Path partial = files.findFirst().orElseThrow();
                try (ByteSource source = ByteSources.open(partial, Reader.DIRECT)) {
                    assertThrows(IOException.class, () -> VhdxDisk.open(source));
                }
            }
        }
    }

    /** A crash leaves a file that nobody takes for a disk, until its last two writes. */
    @Test
    void headersComeLast() throws IOException {
        NewVhdx shape = NewVhdx.ofSize(3L * MIB).withBlockSize(MIB);
        try (NewVhdxFile file = NewVhdxFile.create(folder.resolve("disk"), shape, false)) {
            file.write(file.place(1), ByteBuffer.wrap(new byte[] {1}));
            assertNoVhdx(partial());
            file.complete(new NewVhdxFile.Entries() {
                @Override
                public long payload(long block, long place) throws IOException {
                    assertNoVhdx(partial());
                    return place < 0 ? PayloadState.ZERO.code() : BatEntry.present(place);
                }

                @Override
                public long bitmap(long chunk) {
                    return 0;
                }
            });
            IOException refused = assertNoVhdx(partial());
            assertTrue(refused.getMessage().contains("at least one sound header"), refused.getMessage());
            byte[] complete = Files.readAllBytes(partial());
            assertEquals(-1, Arrays.mismatch(new byte[128 << 10], Arrays.copyOfRange(complete, 64 << 10, 192 << 10)));
            assertEquals('v', complete[0]);
        }
    }

    private Path partial() throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().contains(".partial-"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static IOException assertNoVhdx(Path file) throws IOException {
        try (ByteSource source = ByteSources.open(file, Reader.DIRECT)) {
            return assertThrows(io.varve.store.fault.CorruptDataException.class, () -> VhdxLayer.open(source));
        }
    }
}
