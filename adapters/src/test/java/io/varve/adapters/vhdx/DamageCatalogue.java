package io.varve.adapters.vhdx;

import io.varve.adapters.contract.VhdxBuilder;
import io.varve.adapters.vhdx.format.VhdxFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Makes damaged images in memory from small sound ones, one damage each, and keeps them by name. */
@SuppressWarnings("ByteBufferBackingArray") // each buffer wraps a whole file
abstract class DamageCatalogue {
    static final int MIB = 1 << 20;
    static final int HEADER_1 = 64 << 10;
    static final int HEADER_2 = 128 << 10;
    static final int REGIONS_1 = 192 << 10;
    static final int REGIONS_2 = 256 << 10;
    static final int METADATA = 2 * MIB;
    static final int ITEMS = METADATA + 65536;
    static final int BAT = 3 * MIB;
    static final int BITMAP_ENTRY = BAT + 4096 * 8;
    static final byte[] PARENT = HexFormat.of().parseHex("b2".repeat(16));
    static final byte[] CHILD = HexFormat.of().parseHex("d4".repeat(16));

    static final String UNKNOWN = "DEADBEEF000000000000000000000001";
    static final String UNFINISHED = "F085CC71691B284E9558C3BF83AE75D3";

    final List<Damaged> images = new ArrayList<>();

    /**
     * @param name of the damage
     * @param fault that the check must find; null for an image that looks odd and is sound
     * @param offset where it must find it
     * @param make the files by name, the leaf first
     */
    record Damaged(String name, VhdxFault fault, long offset, Supplier<Map<String, byte[]>> make) {
        /** The leaf. */
        byte[] bytes() {
            return make.get().values().iterator().next();
        }

        /** Writes all files. @return the leaf */
        Path write(Path folder) throws IOException {
            Path leaf = null;
            for (Map.Entry<String, byte[]> file : make.get().entrySet()) {
                Path path = folder.resolve(file.getKey());
                Files.createDirectories(path.getParent());
                LayerModel.write(path, file.getValue());
                leaf = leaf == null ? path : leaf;
            }
            return leaf;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    void built(String name, VhdxFault fault, long offset, Consumer<VhdxBuilder> lie) {
        edited(name, fault, offset, lie, file -> {});
    }

    void edited(String name, VhdxFault fault, long offset, Consumer<VhdxBuilder> lie, Consumer<ByteBuffer> edit) {
        made(name, fault, offset, SmallVhdx::builder, lie, edit, Map.of());
    }

    void made(
            String name,
            VhdxFault fault,
            long offset,
            Supplier<VhdxBuilder> of,
            Consumer<VhdxBuilder> lie,
            Consumer<ByteBuffer> edit,
            Map<String, Supplier<byte[]>> others) {
        images.add(new Damaged(name, fault, offset, () -> {
            VhdxBuilder builder = of.get();
            lie.accept(builder);
            byte[] file = builder.build();
            edit.accept(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN));
            Map<String, byte[]> files = new LinkedHashMap<>();
            files.put("disk.vhdx", file);
            others.forEach((path, bytes) -> files.put(path, bytes.get()));
            return files;
        }));
    }

    void logged(String name, VhdxFault fault, long offset, Consumer<LoggedVhdx> lie) {
        images.add(new Damaged(name, fault, offset, () -> {
            LoggedVhdx image = new LoggedVhdx();
            lie.accept(image);
            return Map.of("disk.vhdx", image.file);
        }));
    }

    /** A child of {@code parent.vhdx} with its parent beside it. */
    void child(String name, VhdxFault fault, long offset, Consumer<VhdxBuilder> lie, Consumer<ByteBuffer> edit) {
        Map<String, Supplier<byte[]>> parent =
                Map.of("parent.vhdx", () -> SmallVhdx.builder().build());
        made(name, fault, offset, DamageCatalogue::childBuilder, lie, edit, parent);
    }

    /** Block 1 is partially present at 4 MiB, the sector bitmap lies behind it. */
    static VhdxBuilder childBuilder() {
        VhdxBuilder builder = plainChild();
        BitSet sectors = new BitSet();
        sectors.set(3, 10);
        builder.partial(1, SmallVhdx.block(7), sectors);
        return builder;
    }

    static VhdxBuilder plainChild(String... pairs) {
        VhdxBuilder builder = new VhdxBuilder(SmallVhdx.SIZE, MIB);
        builder.dataWriteGuid = CHILD;
        String[] paths = pairs.length == 0 ? new String[] {"relative_path", ".\\parent.vhdx"} : pairs;
        return builder.child(PARENT, paths);
    }

    static byte[] region(String id, long offset, int length, int required) {
        return ByteBuffer.allocate(32)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(HexFormat.of().parseHex(id))
                .putLong(offset)
                .putInt(length)
                .putInt(required)
                .array();
    }

    static void seal(ByteBuffer file, int at) {
        VhdxBuilder.seal(file.array(), at, at < REGIONS_1 ? 4096 : 65536);
    }

    /** Changes both region tables and makes their checksums right. */
    static Consumer<ByteBuffer> tables(int at, int value) {
        return file -> {
            for (int table : new int[] {REGIONS_1, REGIONS_2}) {
                file.putInt(table + at, value);
                seal(file, table);
            }
        };
    }
}
