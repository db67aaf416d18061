package io.varve.adapters.vhdx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.contract.MemoryByteSource;
import io.varve.adapters.contract.VhdxBuilder;
import io.varve.adapters.contract.VhdxBuilder.Item;
import io.varve.adapters.file.UnsupportedImageException;
import io.varve.adapters.vhdx.read.VhdxDisk;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Images whose checksums are right and whose contents lie, one lie each. */
class HostileVhdxTest {
    private static final int MIB = 1 << 20;
    private static final String UNKNOWN = "DEADBEEF000000000000000000000001";

    private static void refused(Class<? extends IOException> type, String reason, Consumer<VhdxBuilder> lie) {
        VhdxBuilder builder = SmallVhdx.builder();
        lie.accept(builder);
        refused(type, reason, builder.build());
    }

    private static void refused(Class<? extends IOException> type, String reason, byte[] file) {
        IOException refusal = assertThrows(type, () -> SmallVhdx.open(file), reason);
        assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
    }

    private static void corrupt(String reason, Consumer<VhdxBuilder> lie) {
        refused(CorruptDataException.class, reason, lie);
    }

    private static void unsupported(String reason, Consumer<VhdxBuilder> lie) {
        refused(UnsupportedImageException.class, reason, lie);
    }

    private static void whole(Consumer<VhdxBuilder> change) throws IOException {
        VhdxBuilder builder = SmallVhdx.builder();
        change.accept(builder);
        try (VhdxDisk disk = SmallVhdx.open(builder.build())) {
            assertTrue(SmallVhdx.isWhole(disk));
        }
    }

    private static byte[] region(String id, long offset, int length, int required) {
        return ByteBuffer.allocate(32)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(HexFormat.of().parseHex(id))
                .putLong(offset)
                .putInt(length)
                .putInt(required)
                .array();
    }

    @Test
    void soundImageIsRead() throws IOException {
        whole(builder -> {});
    }

    @Test
    void headers() throws IOException {
        corrupt(
                "both with number 5",
                builder -> {
                    builder.sequence1 = 5;
                    builder.sequence2 = 5;
                },
                file -> {
                    file[(64 << 10) + 20] = 1;
                    VhdxBuilder.seal(file, 64 << 10, 4096);
                });
        whole(builder -> {
            builder.sequence1 = 1;
            builder.sequence2 = 1;
        });
        whole(builder -> builder.sequence2 = -1);
        unsupported("VHDX version 1, found 2", builder -> builder.version = 2);
        corrupt("no complete run of entries", builder -> builder.logGuid[15] = 1);
        unsupported("log version 0, found 3", builder -> {
            builder.logGuid[3] = 1;
            builder.logVersion = 3;
        });
        whole(builder -> builder.logVersion = 3);
        corrupt("found length 0", builder -> {
            builder.logGuid[3] = 1;
            builder.logLength = 0;
        });
        for (long offset : new long[] {0, 512, MIB / 2, MIB + 512, 1L << 40, -MIB, Long.MIN_VALUE}) {
            corrupt("a log in whole MiB", builder -> builder.logOffset = offset);
        }
        corrupt("a log in whole MiB", builder -> builder.logLength = -MIB);
        corrupt("metadata at", builder -> builder.logOffset = 2 * MIB);
        corrupt("inside log at 1048576", builder -> builder.logLength = 3 * MIB);
    }

    private static void corrupt(String reason, Consumer<VhdxBuilder> lie, Consumer<byte[]> edit) {
        VhdxBuilder builder = SmallVhdx.builder();
        lie.accept(builder);
        byte[] file = builder.build();
        edit.accept(file);
        refused(CorruptDataException.class, reason, file);
    }

    @Test
    void regions() throws IOException {
        unsupported("has a region", builder -> builder.regions.add(region(UNKNOWN, 4 * MIB, MIB, 1)));
        whole(builder -> {
            builder.regions.add(region(UNKNOWN, 6 * MIB, MIB, 0));
            builder.fileLength = 7 * MIB;
        });
        corrupt("inside unknown region", builder -> builder.regions.add(region(UNKNOWN, 4 * MIB, MIB, 0)));
        corrupt("each region once", builder -> builder.regions.add(region(VhdxBuilder.BAT, 4 * MIB, MIB, 1)));
        corrupt("apart from each other", builder -> builder.regions.add(region(UNKNOWN, 3 * MIB, MIB, 0)));
        for (long offset : new long[] {0, MIB + 1, 1L << 62, -MIB}) {
            corrupt("inside the file", builder -> builder.regions.add(region(UNKNOWN, offset, MIB, 0)));
        }
        corrupt("inside the file", builder -> builder.regions.add(region(UNKNOWN, 4 * MIB, 0, 0)));
        corrupt("inside the file", builder -> builder.regions.add(region(UNKNOWN, 4 * MIB, -MIB, 0)));
        corrupt("at most 2047 regions", builder -> {}, file -> {
            for (int table : new int[] {192 << 10, 256 << 10}) {
                ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(table + 8, -1);
                VhdxBuilder.seal(file, table, 65536);
            }
        });
        corrupt("no metadata region", builder -> {}, file -> {
            for (int table : new int[] {192 << 10, 256 << 10}) {
                ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(table + 8, 1);
                VhdxBuilder.seal(file, table, 65536);
            }
        });
    }

    @Test
    void metadata() throws IOException {
        unsupported("has a metadata item", builder -> builder.items.put(UNKNOWN, new Item(4, new byte[3])));
        whole(builder -> builder.items.put(UNKNOWN, new Item(0, new byte[3])));
        whole(builder -> builder.items.put(UNKNOWN, new Item(5, new byte[0])));
        corrupt("reserved bits 0", builder -> builder.items.put(UNKNOWN, new Item(8, new byte[3])));
        corrupt("the nil GUID", builder -> builder.items.put("00".repeat(16), new Item(0, new byte[3])));
        corrupt(
                "never finished",
                builder -> builder.items.put("F085CC71691B284E9558C3BF83AE75D3", new Item(4, new byte[0])));
        for (int bad : new int[] {0, 1, 3 * MIB, MIB / 2, 512 * MIB, Integer.MIN_VALUE}) {
            corrupt(
                    "block size",
                    builder -> builder.items.put(VhdxBuilder.FILE_PARAMETERS, new Item(4, VhdxBuilder.u32(bad, 0))));
        }
        corrupt("file flags", builder -> builder.flags = 4);
        corrupt("parent locator", builder -> builder.flags = 2);
        unsupported("differencing disk", builder -> {
            builder.flags = 2;
            builder.items.put(VhdxBuilder.LOCATOR, new Item(4, new byte[20]));
        });
        whole(builder -> builder.items.put(VhdxBuilder.LOCATOR, new Item(4, new byte[20])));
        for (long size : new long[] {0, 511, -512, (64L << 40) + 512, Long.MIN_VALUE}) {
            corrupt("disk size", builder -> builder.size = size);
        }
        for (int sector : new int[] {0, 511, 1024, -1}) {
            corrupt(
                    "logical sector size",
                    builder -> builder.items.put(VhdxBuilder.LOGICAL, new Item(6, VhdxBuilder.u32(sector))));
            corrupt(
                    "physical sector size",
                    builder -> builder.items.put(VhdxBuilder.PHYSICAL, new Item(6, VhdxBuilder.u32(sector))));
        }
        for (String id : new String[] {
            VhdxBuilder.FILE_PARAMETERS,
            VhdxBuilder.DISK_SIZE,
            VhdxBuilder.LOGICAL,
            VhdxBuilder.PHYSICAL,
            VhdxBuilder.DISK_ID
        }) {
            corrupt("", builder -> builder.items.put(id, new Item(6, new byte[5])));
            // The same id of a user is another item.
            corrupt("found none", builder -> builder.items.put(id, new Item(1, new byte[5])));
        }
    }

    @Test
    void metadataTable() {
        int table = 2 * MIB;
        corrupt("at most 2047", builder -> {}, file -> file[table + 11] = 127);
        corrupt("between the table and the end", builder -> {}, file -> file[table + 32 + 18] = 0);
        corrupt("between the table and the end", builder -> {}, file -> file[table + 32 + 19] = -1);
        corrupt("between the table and the end", builder -> {}, file -> file[table + 32 + 23] = -1);
        corrupt("inside file parameters", builder -> {}, file -> file[table + 64 + 16] = 4);
        corrupt(
                "each metadata item once",
                builder -> {},
                file -> System.arraycopy(file, table + 32, file, table + 64, 16));
    }

    @Test
    void blockTable() throws IOException {
        for (int state : new int[] {4, 5, 7}) {
            corrupt("a state that a disk without parent has", builder -> builder.entries.put(2, (long) state));
        }
        for (int bit = 3; bit < 20; bit++) {
            long reserved = 1L << bit;
            corrupt("reserved bits 0", builder -> builder.entries.put(2, reserved));
        }
        corrupt("behind the first MiB", builder -> builder.entries.put(2, 6L));
        corrupt("behind the first MiB", builder -> builder.entries.put(2, Long.MIN_VALUE | 6));
        corrupt("inside log", builder -> builder.entries.put(2, (long) MIB | 6));
        corrupt("inside metadata", builder -> builder.entries.put(2, 2L * MIB | 6));
        corrupt("inside BAT", builder -> builder.entries.put(2, 3L * MIB | 6));
        corrupt("where another block lies", builder -> builder.entries.put(2, 4L * MIB | 6));
        corrupt("block 2 (virtual range [2097152, 3145728))", builder -> builder.entries.put(2, 6L * MIB | 6));
        corrupt("the file was cut off", builder -> builder.entries.put(2, (1L << 62) | 6));
        whole(builder -> builder.entries.put(2, 4L * MIB | 1));
        whole(builder -> builder.entries.put(2, 4L * MIB | 3));
        whole(builder -> builder.entries.put(2, 4L * MIB | 2));
        // Behind the last entry anything may lie.
        whole(builder -> builder.entries.put(4, -1L));
        corrupt("a BAT of at least", builder -> {
            builder.size = 1L << 40;
            builder.items.put(VhdxBuilder.DISK_SIZE, new Item(6, VhdxBuilder.u64(1L << 40)));
        });
    }

    @Test
    void sectorBitmapInDiskWithoutParent() {
        VhdxBuilder builder = new VhdxBuilder(5L << 30, MIB);
        builder.entries.put(4096, 6L);
        refused(CorruptDataException.class, "no sector bitmap", builder.build());
    }

    @Test
    void lastBlockMayEndWithTheDisk() throws IOException {
        VhdxBuilder builder = new VhdxBuilder(MIB + 512, MIB);
        builder.present(0, SmallVhdx.block(1));
        builder.present(1, SmallVhdx.block(2));
        byte[] file = builder.build();
        byte[] found = new byte[MIB + 512];
        try (VhdxDisk disk = VhdxDisk.open(new MemoryByteSource(file, 5 * MIB + 512))) {
            disk.read(0, ByteBuffer.wrap(found));
        }
        byte[] expected = Arrays.copyOf(SmallVhdx.block(1), MIB + 512);
        Arrays.fill(expected, MIB, MIB + 512, (byte) 2);
        assertEquals(-1, Arrays.mismatch(expected, found));
        CorruptDataException cut = assertThrows(
                CorruptDataException.class, () -> VhdxDisk.open(new MemoryByteSource(file, 5 * MIB + 511)));
        assertTrue(cut.getMessage().contains("virtual range [1048576, 1049088)"), cut.getMessage());
    }

    @Test
    void otherFormatsAreNamed() {
        byte[] file = SmallVhdx.builder().build();
        System.arraycopy("vhdsetv1".getBytes(StandardCharsets.US_ASCII), 0, file, 0, 8);
        refused(CorruptDataException.class, "a VHD Set", file);
        System.arraycopy("conectix".getBytes(StandardCharsets.US_ASCII), 0, file, 0, 8);
        refused(CorruptDataException.class, "an old VHD", file);
        refused(CorruptDataException.class, "file identifier", new byte[0]);
    }
}
