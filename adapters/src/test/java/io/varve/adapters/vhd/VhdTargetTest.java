package io.varve.adapters.vhd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.contract.NewFileTargetContract;
import io.varve.adapters.file.ByteSources;
import io.varve.adapters.file.LocalFile;
import io.varve.adapters.file.Reader;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.DiskTarget;
import io.varve.engine.port.TargetException;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VhdTargetTest {
    private static final int MIB = 1 << 20;

    @TempDir
    Path own;

    private static VhdChain disk(Path file) throws IOException {
        return VhdChain.open(new LocalFile(file, Reader.DIRECT), ParentSearch.sameFolder());
    }

    @Nested
    class Dynamic extends NewFileTargetContract {
        @Override
        protected DiskTarget create(Path name, long size, boolean replace) throws IOException {
            return VhdTarget.create(name, NewVhd.ofSize(size), replace);
        }

        @Override
        protected DiskImage written() throws IOException {
            return disk(folder.resolve("disk"));
        }
    }

    @Nested
    class SmallBlocks extends NewFileTargetContract {
        @Override
        protected DiskTarget create(Path name, long size, boolean replace) throws IOException {
            return VhdTarget.create(name, NewVhd.ofSize(size).withBlockSize(512 << 10), replace);
        }

        @Override
        protected DiskImage written() throws IOException {
            return disk(folder.resolve("disk"));
        }
    }

    @Nested
    class Fixed extends NewFileTargetContract {
        @Override
        protected DiskTarget create(Path name, long size, boolean replace) throws IOException {
            return VhdTarget.create(name, NewVhd.ofSize(size).asFixed(), replace);
        }

        @Override
        protected DiskImage written() throws IOException {
            return disk(folder.resolve("disk"));
        }
    }

    @Test
    void identityIsKept() throws IOException {
        UUID id = UUID.randomUUID();
        for (NewVhd shape : List.of(NewVhd.ofSize(MIB), NewVhd.ofSize(MIB).asFixed())) {
            Path file = own.resolve("disk" + shape.fixed() + ".vhd");
            try (DiskTarget target = VhdTarget.create(file, shape.withUniqueId(id), false)) {
                target.commit();
            }
            try (VhdChain disk = disk(file)) {
                assertEquals(Optional.of(id), disk.guid());
                assertEquals(shape.fixed() ? "vhd-fixed" : "vhd-dynamic", disk.format());
            }
        }
    }

    @Test
    void untouchedBlocksTakeNoSpace() throws IOException {
        Path file = own.resolve("disk.vhd");
        try (DiskTarget target = VhdTarget.create(file, NewVhd.ofSize(9L * MIB), false)) {
            target.write(0, ByteBuffer.allocate(3 * MIB));
            target.write(4L * MIB + 5, ByteBuffer.wrap(new byte[] {1}));
            target.zero(new Range(6L * MIB, 3L * MIB));
            target.commit();
        }
        assertEquals(1536 + 512 + 512 + 2 * MIB + 512, Files.size(file));
        try (VhdChain disk = disk(file)) {
            RangeSet allocated = disk.allocated(new Range(0, 9L * MIB));
            assertTrue(new Range(4L * MIB, 2L * MIB).contains(allocated.get(0).offset()));
            assertTrue(allocated.endOffset() <= 6L * MIB, allocated.toString());
        }
    }

    /** Byte by byte against the specification, with nothing of the writer's own. */
    @Test
    void structuresAreWhatTheSpecificationSays() throws IOException {
        Path file = own.resolve("disk.vhd");
        NewVhd shape = NewVhd.ofSize(5L * MIB + 512).withUniqueId(new UUID(0x0102030405060708L, 0x090A0B0C0D0E0F10L));
        try (DiskTarget target = VhdTarget.create(file, shape, false)) {
            target.write(4L * MIB, ByteBuffer.wrap(new byte[] {9}));
            target.commit();
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        int end = bytes.limit() - 512;
        assertEquals(-1, Arrays.mismatch(bytes.array(), 0, 512, bytes.array(), end, end + 512), "the copy");
        assertEquals("conectix", text(bytes, 0, 8));
        assertEquals(2, bytes.getInt(8));
        assertEquals(0x10000, bytes.getInt(12));
        assertEquals(512, bytes.getLong(16));
        assertTrue(bytes.getInt(24) > 800_000_000, "seconds since 2000");
        assertEquals("win ", text(bytes, 28, 4));
        assertEquals("Wi2k", text(bytes, 36, 4));
        assertEquals(5L * MIB + 512, bytes.getLong(40));
        assertEquals(5L * MIB + 512, bytes.getLong(48));
        assertEquals(3, bytes.getInt(60));
        assertEquals(0x0403020106050807L, bytes.getLong(68));
        assertEquals(0x090A0B0C0D0E0F10L, bytes.getLong(76));
        assertSealed(bytes, 0, 512, 64);
        assertEquals("cxsparse", text(bytes, 512, 8));
        assertEquals(-1, bytes.getLong(520));
        assertEquals(1536, bytes.getLong(528));
        assertEquals(0x10000, bytes.getInt(536));
        assertEquals(3, bytes.getInt(540));
        assertEquals(2 * MIB, bytes.getInt(544));
        assertSealed(bytes, 512, 1024, 36);
        assertEquals(-1, bytes.getInt(1536));
        assertEquals(-1, bytes.getInt(1540));
        assertEquals(4, bytes.getInt(1544));
        for (int at = 1548; at < 2048; at += 4) {
            assertEquals(-1, bytes.getInt(at), "behind the last entry");
        }
        for (int at = 2048; at < 2560; at++) {
            assertEquals(-1, bytes.get(at), "sector bitmap");
        }
        assertEquals(9, bytes.get(2560));
        assertEquals(2560 + 2 * MIB, end);
    }

    private static String text(ByteBuffer bytes, int at, int length) {
        return StandardCharsets.US_ASCII.decode(bytes.slice(at, length)).toString();
    }

    private static void assertSealed(ByteBuffer bytes, int at, int length, int field) {
        ByteBuffer part = ByteBuffer.allocate(length).put(bytes.slice(at, length));
        int found = part.getInt(field);
        assertEquals(VhdBuilder.seal(part, field).getInt(field), found);
    }

    @Test
    void largestDiskIsSmallAndFast() throws IOException {
        long size = 2040L << 30;
        for (int blockSize : new int[] {512 << 10, 2 << 20}) {
            Path file = own.resolve("disk" + blockSize);
            NewVhd shape = NewVhd.ofSize(size).withBlockSize(blockSize);
            try (DiskTarget target = VhdTarget.create(file, shape, false)) {
                for (int i = 0; i < 60; i++) {
                    target.write(i * (34L << 30) + i * 4096L, ByteBuffer.wrap(new byte[] {1, 2, 3}));
                }
                target.write(size - 3, ByteBuffer.wrap(new byte[] {7, 8, 9}));
                target.commit();
            }
            try (VhdChain disk = disk(file)) {
                assertEquals(size, disk.size());
                ByteBuffer found = ByteBuffer.allocate(3);
                disk.read(size - 3, found);
                assertEquals(ByteBuffer.wrap(new byte[] {7, 8, 9}), found.flip());
                disk.read(59 * (34L << 30) + 59 * 4096L, found.clear());
                assertEquals(ByteBuffer.wrap(new byte[] {1, 2, 3}), found.flip());
                assertTrue(disk.allocated(new Range(0, size)).totalLength() <= 61L * blockSize);
            }
            Files.delete(file);
        }
        // Every block in its place, the last one still begins where 32 bits of sectors reach.
        NewLayout layout = new NewLayout(NewVhd.ofSize(size).withBlockSize(512 << 10), new UUID(0, 1));
        BlockGeometry geometry = layout.geometry();
        assertTrue(layout.firstBlockOffset() + geometry.blockCount() * geometry.placeSize() < 1L << 41);
    }

    /** Both sides of every border of the appendix "CHS Calculation", computed from it by hand. */
    @Test
    void geometries() {
        geometry(1, 0, 4, 17);
        geometry(4 << 11, 120, 4, 17);
        geometry(4 * 1024 * 17 - 1, 1023, 4, 17);
        geometry(4 * 1024 * 17, 140, 16, 31);
        geometry(5 * 1024 * 17 - 1, 1023, 5, 17);
        geometry(16 * 1024 * 17 - 1, 1023, 16, 17);
        geometry(16 * 1024 * 17, 561, 16, 31);
        geometry(16 * 1024 * 31 - 1, 1023, 16, 31);
        geometry(16 * 1024 * 31, 503, 16, 63);
        geometry(65535 * 16 * 63 - 1, 65534, 16, 63);
        geometry(65535 * 16 * 63, 16191, 16, 255);
        geometry(65535 * 16 * 255, 65535, 16, 255);
        geometry(2040L << 21, 65535, 16, 255);
    }

    private static void geometry(long sectors, int cylinders, int heads, int perTrack) {
        assertEquals(new Geometry(cylinders, heads, perTrack), Geometry.of(sectors * 512), sectors + " sectors");
        assertEquals(cylinders, Geometry.of(sectors * 512).code() >>> 16);
        assertEquals(heads << 8 | perTrack, Geometry.of(sectors * 512).code() & 0xFFFF);
    }

    @Test
    void impossibleShapesAreRefused() {
        NewVhd sound = NewVhd.ofSize(MIB);
        refused("a multiple of 512", NewVhd.ofSize(0));
        refused("a multiple of 512", NewVhd.ofSize(-512));
        refused("a multiple of 512", NewVhd.ofSize(513));
        refused("at most 2040 GiB", NewVhd.ofSize((2040L << 30) + 512));
        refused("at most 2040 GiB", NewVhd.ofSize((2040L << 30) + 512).asFixed());
        refused("512 KiB or 2 MiB", sound.withBlockSize(MIB));
        refused("512 KiB or 2 MiB", sound.withBlockSize(0));
        refused("sectors of 4096", sound.withLogicalSectorSize(4096));
        refused("sectors of 4096", sound.asFixed().withLogicalSectorSize(4096));
    }

    private void refused(String reason, NewVhd shape) {
        TargetException refusal =
                assertThrows(TargetException.class, () -> VhdTarget.create(own.resolve("no"), shape, false));
        assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
        assertFalse(Files.exists(own.resolve("no")));
    }

    @Test
    void partialFileIsNoVhd() throws IOException {
        for (NewVhd shape :
                List.of(NewVhd.ofSize(8 * MIB), NewVhd.ofSize(8 * MIB).asFixed())) {
            try (DiskTarget target = VhdTarget.create(own.resolve("disk"), shape, false)) {
                target.write(0, ByteBuffer.wrap(new byte[] {1}));
                try (Stream<Path> files = Files.list(own)) {
                    Path partial = files.findFirst().orElseThrow();
                    try (ByteSource source = ByteSources.open(partial, Reader.DIRECT)) {
                        assertThrows(IOException.class, () -> VhdLayer.open(source));
                    }
                }
            }
        }
    }
}
