package io.varve.adapters.vhdx;

import io.varve.adapters.contract.VhdxBuilder;
import io.varve.adapters.contract.VhdxBuilder.Item;
import io.varve.adapters.vhdx.format.VhdxFault;
import java.util.Arrays;
import java.util.Map;

/** Damage to metadata and block allocation table of a disk without parent. */
@SuppressWarnings("ByteBufferBackingArray") // each buffer wraps a whole file
final class DamagedTables extends DamageCatalogue {
    DamagedTables() {
        metadata();
        blockTables();
    }

    private static Item item(int flags, int... values) {
        return new Item(flags, VhdxBuilder.u32(values));
    }

    private void metadata() {
        edited("no metadata table", VhdxFault.METADATA_TABLE, METADATA, b -> {}, file -> file.put(METADATA, (byte) 0));
        edited(
                "32000 metadata items",
                VhdxFault.METADATA_TABLE,
                METADATA + 10,
                b -> {},
                file -> file.put(METADATA + 11, (byte) 127));
        built("item without id", VhdxFault.METADATA_ID, METADATA + 32, b -> b.items.put("00".repeat(16), item(0, 1)));
        built(
                "reserved flags of an item",
                VhdxFault.METADATA_FLAGS,
                METADATA + 56,
                b -> b.items.put(UNKNOWN, item(8, 1)));
        edited(
                "item inside the table",
                VhdxFault.METADATA_PLACE,
                METADATA + 48,
                b -> {},
                file -> file.put(METADATA + 50, (byte) 0));
        edited(
                "metadata item of gigabytes",
                VhdxFault.METADATA_PLACE,
                METADATA + 48,
                b -> {},
                file -> file.putInt(METADATA + 52, -1));
        edited(
                "item twice",
                VhdxFault.METADATA_TWICE,
                METADATA + 64,
                b -> {},
                file -> file.put(METADATA + 64, Arrays.copyOfRange(file.array(), METADATA + 32, METADATA + 48)));
        edited(
                "items overlap",
                VhdxFault.METADATA_OVERLAP,
                METADATA + 64,
                b -> {},
                file -> file.put(METADATA + 80, (byte) 4));
        built(
                "unknown item, required",
                VhdxFault.METADATA_UNKNOWN_REQUIRED,
                METADATA + 32,
                b -> b.items.put(UNKNOWN, item(4, 1)));
        built("unknown item", VhdxFault.METADATA_UNKNOWN, METADATA + 32, b -> b.items.put(UNKNOWN, item(0, 1)));
        edited(
                "reserved bytes of the metadata",
                VhdxFault.METADATA_RESERVED,
                METADATA + 8,
                b -> {},
                file -> file.put(METADATA + 20, (byte) 1));
        built(
                "file parameters not required",
                VhdxFault.METADATA_NOT_REQUIRED,
                METADATA + 56,
                b -> b.items.put(VhdxBuilder.FILE_PARAMETERS, item(0, MIB, 0)));
        built(
                "required item of a user",
                VhdxFault.METADATA_NOT_REQUIRED,
                METADATA + 56,
                b -> b.items.put(UNKNOWN, item(5, 1)));
        built(
                "creation never finished",
                VhdxFault.FILE_UNFINISHED,
                METADATA + 32,
                b -> b.items.put(UNFINISHED, new Item(4, new byte[0])));
        for (String id : new String[] {
            VhdxBuilder.FILE_PARAMETERS, VhdxBuilder.DISK_SIZE, VhdxBuilder.LOGICAL, VhdxBuilder.PHYSICAL
        }) {
            String name = id.substring(0, 8);
            built("item missing " + name, VhdxFault.ITEM_MISSING, METADATA, b -> b.items.put(id, item(1, 1)));
            built(
                    "item too long " + name,
                    VhdxFault.ITEM_LENGTH,
                    METADATA + 52,
                    b -> b.items.put(id, new Item(6, new byte[5])));
        }
        for (int size : new int[] {0, 3 * MIB, MIB / 2, 512 * MIB, Integer.MIN_VALUE}) {
            built(
                    "blocks of " + size,
                    VhdxFault.BLOCK_SIZE,
                    ITEMS,
                    b -> b.items.put(VhdxBuilder.FILE_PARAMETERS, item(4, size, 0)));
        }
        built("reserved file flags", VhdxFault.FILE_FLAGS, ITEMS, b -> b.flags = 4);
        for (long size : new long[] {0, 511, (64L << 40) + 512, Long.MIN_VALUE, -512}) {
            built("disk of " + size, VhdxFault.DISK_SIZE, ITEMS + 8, b -> b.size = size);
        }
        built("sectors of 1024", VhdxFault.SECTOR_SIZE, ITEMS, b -> b.items.put(VhdxBuilder.LOGICAL, item(6, 1024)));
        built("physical 0", VhdxFault.SECTOR_SIZE, ITEMS, b -> b.items.put(VhdxBuilder.PHYSICAL, item(6, 0)));
        built("physical sectors below logical", VhdxFault.PHYSICAL_BELOW_LOGICAL, ITEMS + 20, b -> {
            b.size = 4 * MIB;
            b.lss = 4096;
            b.pss = 512;
        });
        built("nil disk id", VhdxFault.DISK_ID, ITEMS + 24, b -> b.diskId = new byte[16]);
        built("parent without locator", VhdxFault.LOCATOR_MISSING, METADATA, b -> b.flags = 2);
        built(
                "locator without parent",
                VhdxFault.LOCATOR_UNEXPECTED,
                METADATA + 32,
                b -> b.items.put(VhdxBuilder.LOCATOR, new Item(4, new byte[20])));
    }

    private void blockTables() {
        built("BAT too short", VhdxFault.BAT_TOO_SHORT, REGIONS_1 + 16, b -> b.size = 1L << 40);
        built("reserved bits of an entry", VhdxFault.BAT_RESERVED, BAT + 16, b -> b.entries.put(2, 8L));
        for (int state : new int[] {4, 5, 7}) {
            built("block of state " + state, VhdxFault.BAT_STATE, BAT + 16, b -> b.state(2, state));
        }
        built("block at 0", VhdxFault.BAT_PLACE, BAT + 16, b -> b.entries.put(2, 6L));
        built("block at 2^63", VhdxFault.BAT_PLACE, BAT + 16, b -> b.entries.put(2, Long.MIN_VALUE | 6));
        built("block beyond the file", VhdxFault.BAT_BEYOND_FILE, BAT + 16, b -> b.entries.put(2, 6L * MIB | 6));
        built("block at 2^62", VhdxFault.BAT_BEYOND_FILE, BAT + 16, b -> b.entries.put(2, 1L << 62 | 6));
        built("file cut off", VhdxFault.BAT_BEYOND_FILE, BAT + 8, b -> b.fileLength = 5 * MIB);
        for (long region : new long[] {MIB, METADATA, BAT}) {
            built("block at " + region, VhdxFault.BAT_IN_REGION, BAT + 16, b -> b.entries.put(2, region | 6));
        }
        built("overlapping BAT entries", VhdxFault.BAT_OVERLAP, BAT + 24, b -> b.entries.put(2, 4L * MIB | 6));
        built("everything at one place", VhdxFault.BAT_OVERLAP, BAT + 8, b -> {
            b.size = 1L << 35;
            for (int index = 0; index < 32768; index++) {
                b.entries.put(b.index(index), 4L * MIB | 6);
            }
        });
        made(
                "last block ends with the disk",
                VhdxFault.BAT_SHORT_BLOCK,
                BAT + 8,
                () -> new VhdxBuilder(MIB + 512, MIB),
                b -> {
                    b.present(0, SmallVhdx.block(1));
                    b.present(1, SmallVhdx.block(2));
                    b.fileLength = 5 * MIB + 512;
                },
                file -> {},
                Map.of());
        built("zero block with a place", VhdxFault.BAT_LEFTOVER_PLACE, BAT + 16, b -> b.entries.put(2, 4L * MIB | 2));
        built("absent block with a place", VhdxFault.BAT_LEFTOVER_PLACE, BAT + 16, b -> b.entries.put(2, 8L * MIB));
        built("kept place is taken", VhdxFault.BAT_KEPT_PLACE, BAT + 16, b -> b.entries.put(2, 4L * MIB | 3));
        built("kept place in the log", VhdxFault.BAT_KEPT_PLACE, BAT + 16, b -> b.entries.put(2, 1L * MIB | 1));
        built("kept place nowhere", VhdxFault.BAT_KEPT_PLACE, BAT + 16, b -> b.entries.put(2, -1L << 20 | 3));
        built("fixed disk with holes", VhdxFault.BAT_FIXED_SPARSE, BAT, b -> b.flags = 1);
        built("space that nothing refers to", VhdxFault.ORPHANED_SPACE, -1, b -> b.fileLength = 9 * MIB);
        built("rubbish behind the last entry", null, -1, b -> b.entries.put(4, -1L));
        built("kept place of its own", null, -1, b -> {
            b.entries.put(2, 6L * MIB | 3);
            b.fileLength = 7 * MIB;
        });
        built("bitmap in a disk without parent", VhdxFault.BITMAP_ENTRY, BITMAP_ENTRY, b -> {
            b.size = 5L << 30;
            b.entries.put(4096, 6L);
        });
    }
}
