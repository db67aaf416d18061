package io.varve.adapters.vhdx;

import io.varve.adapters.contract.VhdxBuilder;
import io.varve.adapters.contract.VhdxBuilder.Item;
import io.varve.adapters.vhdx.format.VhdxFault;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Damage to what only differencing disks have, and to chains of them. */
@SuppressWarnings("ByteBufferBackingArray") // each buffer wraps a whole file
final class DamagedChains extends DamageCatalogue {
    DamagedChains() {
        children();
        chains();
    }

    private void children() {
        child("sound child", null, -1, b -> {}, file -> {});
        child("states over a parent", null, -1, b -> b.state(0, 1).state(2, 2).state(3, 3), file -> {});
        child(
                "locator of 10 bytes",
                VhdxFault.LOCATOR_TABLE,
                ITEMS,
                b -> b.items.put(VhdxBuilder.LOCATOR, new Item(4, new byte[10])),
                file -> {});
        child(
                "60000 pairs",
                VhdxFault.LOCATOR_TABLE,
                ITEMS + 18,
                b -> {},
                file -> file.putShort(ITEMS + 18, (short) -5000));
        child("key of odd length", VhdxFault.LOCATOR_PAIR, ITEMS + 20, b -> {}, file -> file.put(ITEMS + 28, (byte) 5));
        child("value outside", VhdxFault.LOCATOR_PAIR, ITEMS + 24, b -> {}, file -> file.putInt(ITEMS + 24, -2));
        child("other locator", VhdxFault.LOCATOR_TYPE, ITEMS, b -> {}, file -> file.put(ITEMS, (byte) 1));
        child("linkage is no GUID", VhdxFault.LOCATOR_LINKAGE, ITEMS, b -> {}, DamagedChains::spoilLinkage);
        child(
                "reserved bytes of the locator",
                VhdxFault.LOCATOR_RESERVED,
                ITEMS + 16,
                b -> {},
                file -> file.put(ITEMS + 16, (byte) 1));
        pairs("no path", VhdxFault.LOCATOR_PATHS, "colour", "blue");
        pairs("unknown key", VhdxFault.LOCATOR_UNKNOWN_KEY, "colour", "blue");
        pairs(
                "merge going on",
                VhdxFault.LOCATOR_MERGE,
                "relative_path",
                "parent.vhdx",
                "parent_linkage2",
                "{" + VhdxBuilder.guidText(CHILD) + "}");
        pairs("stale path", VhdxFault.PARENT_PATH, "relative_path", ".\\old\\parent.vhdx");
        child("bitmap of state 3", VhdxFault.BITMAP_ENTRY, BITMAP_ENTRY, b -> {}, bitmap(3));
        child("bitmap beyond the file", VhdxFault.BITMAP_PLACE, BITMAP_ENTRY, b -> {}, bitmap(1L << 50 | 6));
        child("bitmap in the log", VhdxFault.BITMAP_PLACE, BITMAP_ENTRY, b -> {}, bitmap(MIB | 6));
        child("bitmap over a block", VhdxFault.BAT_OVERLAP, BITMAP_ENTRY, b -> {}, bitmap(4L * MIB | 6));
        child("partial block without bitmap", VhdxFault.BITMAP_MISSING, BAT + 8, b -> {}, bitmap(0));
        child("bitmap for nothing", VhdxFault.BITMAP_UNNEEDED, BITMAP_ENTRY, b -> b.state(1, 0), file -> {});
        child(
                "all bits set",
                VhdxFault.BITMAP_FULL,
                5 * MIB + 256,
                b -> b.bitmap(1).set(2048, 4096),
                file -> {});
        child(
                "no bit set",
                VhdxFault.BITMAP_EMPTY,
                5 * MIB + 256,
                b -> b.bitmap(1).clear(),
                file -> {});
    }

    private static Consumer<ByteBuffer> bitmap(long entry) {
        return file -> file.putLong(BITMAP_ENTRY, entry);
    }

    private static void spoilLinkage(ByteBuffer file) {
        file.put(ITEMS + file.getInt(ITEMS + 24) + 2, "x".getBytes(StandardCharsets.US_ASCII));
    }

    private void pairs(String name, VhdxFault fault, String... pairs) {
        Map<String, Supplier<byte[]>> parent =
                Map.of("parent.vhdx", () -> SmallVhdx.builder().build());
        made(name, fault, ITEMS, () -> plainChild(pairs), b -> {}, file -> {}, parent);
    }

    private void chain(
            String name, VhdxFault fault, Supplier<VhdxBuilder> leaf, String other, Supplier<VhdxBuilder> parent) {
        made(
                name,
                fault,
                -1,
                leaf,
                b -> {},
                file -> {},
                Map.of(other, () -> parent.get().build()));
    }

    private static VhdxBuilder with(VhdxBuilder builder, Consumer<VhdxBuilder> change) {
        change.accept(builder);
        return builder;
    }

    private void chains() {
        made("parent gone", VhdxFault.PARENT_MISSING, -1, DamageCatalogue::childBuilder, b -> {}, file -> {}, Map.of());
        chain(
                "wrong parent",
                VhdxFault.PARENT_MISSING,
                DamageCatalogue::childBuilder,
                "parent.vhdx",
                () -> with(SmallVhdx.builder(), b -> b.dataWriteGuid = CHILD));
        for (String path : new String[] {
            "..\\parent.vhdx",
            "C:\\parent.vhdx",
            "\\\\host\\share\\x.vhdx",
            "..\\..\\..\\..\\etc\\passwd",
            "\\\\?\\GLOBALROOT\\x"
        }) {
            chain(
                    "parent path outside: " + path,
                    VhdxFault.PARENT_MISSING,
                    () -> plainChild("relative_path", path),
                    "elsewhere/parent.vhdx",
                    SmallVhdx::builder);
        }
        chain(
                "cycle of parents",
                VhdxFault.PARENT_CYCLE,
                DamageCatalogue::childBuilder,
                "parent.vhdx",
                () -> new VhdxBuilder(SmallVhdx.SIZE, MIB).child(CHILD, "relative_path", "disk.vhdx"));
        chain(
                "its own parent",
                VhdxFault.PARENT_CYCLE,
                () -> with(plainChild("relative_path", "disk.vhdx"), b -> b.dataWriteGuid = PARENT),
                "unused.vhdx",
                SmallVhdx::builder);
        chain(
                "other sectors than the parent",
                VhdxFault.PARENT_SECTOR_SIZE,
                DamageCatalogue::childBuilder,
                "parent.vhdx",
                () -> with(new VhdxBuilder(4 * MIB, MIB), b -> b.lss = 4096));
        chain(
                "parent with damaged BAT",
                VhdxFault.PARENT_DAMAGED,
                DamageCatalogue::childBuilder,
                "parent.vhdx",
                () -> SmallVhdx.builder().state(2, 5));
        chain(
                "child larger than its parent",
                VhdxFault.PARENT_SIZE,
                () -> with(childBuilder(), b -> b.size = 8 * MIB),
                "parent.vhdx",
                SmallVhdx::builder);
    }
}
