package io.varve.adapters.vhd;

import io.varve.engine.port.WindowsGuid;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Makes VHD files from the specification, byte by byte and without the writer under test. Footer and header can be
 * changed before they get their checksums, so that only the lie meant is told.
 */
final class VhdBuilder {
    static final int FIXED = 2;
    static final int DYNAMIC = 3;
    static final int DIFFERENCING = 4;
    static final int TABLE_OFFSET = 1536;

    final int size;
    final int blockSize;
    int type = DYNAMIC;
    UUID id = new UUID(0x1111, 1);
    UUID parentId = WindowsGuid.NIL;
    String parentName = "";

    /** The content of a fixed disk. */
    byte[] raw = new byte[0];

    /** Entries of the BAT that are not what they should be. */
    final Map<Integer, Integer> entries = new LinkedHashMap<>();

    Consumer<ByteBuffer> footerLie = footer -> {};
    Consumer<ByteBuffer> headerLie = header -> {};
    boolean copy = true;
    int footerSize = 512;

    private final Map<Integer, byte[]> blocks = new LinkedHashMap<>();
    private final List<Map.Entry<String, byte[]>> locators = new ArrayList<>();

    VhdBuilder(int size, int blockSize) {
        this.size = size;
        this.blockSize = blockSize;
    }

    static VhdBuilder fixed(byte[] content) {
        VhdBuilder builder = new VhdBuilder(content.length, 1 << 21);
        builder.type = FIXED;
        builder.raw = content;
        return builder;
    }

    /** Makes it a differencing disk; of the locators, code and path take turns. */
    VhdBuilder child(UUID parent, String... codesAndPaths) {
        type = DIFFERENCING;
        parentId = parent;
        for (int i = 0; i < codesAndPaths.length; i += 2) {
            locator(codesAndPaths[i], codesAndPaths[i + 1].getBytes(StandardCharsets.UTF_16LE));
        }
        return this;
    }

    void locator(String code, byte[] data) {
        locators.add(Map.entry(code, data));
    }

    int bitmapSize() {
        int bytes = (blockSize / 512 + 7) / 8;
        return (bytes + 511) / 512 * 512;
    }

    /** A block whose sectors are all there; blocks lie in the file in the order of these calls. */
    VhdBuilder block(int number, byte[] data) {
        BitSet all = new BitSet();
        all.set(0, blockSize / 512);
        return block(number, data, all);
    }

    VhdBuilder block(int number, byte[] data, BitSet sectors) {
        byte[] block = new byte[bitmapSize() + blockSize];
        for (int sector = sectors.nextSetBit(0); sector >= 0; sector = sectors.nextSetBit(sector + 1)) {
            block[sector / 8] |= (byte) (0x80 >> sector % 8);
        }
        System.arraycopy(data, 0, block, bitmapSize(), Math.min(data.length, blockSize));
        blocks.put(number, block);
        return this;
    }

    int entryCount() {
        return (size + blockSize - 1) / blockSize;
    }

    private int locatorsOffset() {
        return TABLE_OFFSET + (entryCount() * 4 + 511) / 512 * 512;
    }

    /** Where the first block begins. */
    int blocksOffset() {
        int length =
                locators.stream().mapToInt(locator -> locator.getValue().length).sum();
        return locatorsOffset() + (length + 511) / 512 * 512;
    }

    private ByteBuffer footer() {
        ByteBuffer footer = ByteBuffer.allocate(512);
        footer.put("conectix".getBytes(StandardCharsets.US_ASCII)).putInt(2).putInt(0x10000);
        footer.putLong(type == FIXED ? -1L : 512).putInt(0);
        footer.put("test".getBytes(StandardCharsets.US_ASCII)).putInt(0x10000).putInt(0);
        footer.putLong(size).putLong(size).putInt(0x00010101).putInt(type).putInt(0);
        WindowsGuid.put(footer, 68, id);
        footerLie.accept(footer);
        return seal(footer, 64);
    }

    private ByteBuffer header() {
        ByteBuffer header = ByteBuffer.allocate(1024);
        header.put("cxsparse".getBytes(StandardCharsets.US_ASCII)).putLong(-1).putLong(TABLE_OFFSET);
        header.putInt(0x10000).putInt(entryCount()).putInt(blockSize);
        WindowsGuid.put(header, 40, parentId);
        header.put(64, parentName.getBytes(StandardCharsets.UTF_16BE));
        int offset = locatorsOffset();
        for (int i = 0; i < locators.size(); i++) {
            int length = locators.get(i).getValue().length;
            header.position(576 + i * 24);
            header.put(locators.get(i).getKey().getBytes(StandardCharsets.US_ASCII));
            header.putInt(1).putInt(length).putInt(0).putLong(offset);
            offset += length;
        }
        headerLie.accept(header);
        return seal(header, 36);
    }

    /** As the specification has it, in other words than the reader: ones' complement of the sum, field as zero. */
    static ByteBuffer seal(ByteBuffer bytes, int field) {
        bytes.putInt(field, 0);
        int sum = 0;
        for (int at = 0; at < bytes.capacity(); at++) {
            sum += bytes.get(at) & 0xFF;
        }
        return bytes.putInt(field, -1 - sum).clear();
    }

    byte[] build() {
        if (type == FIXED) {
            ByteBuffer file = ByteBuffer.allocate(raw.length + footerSize).put(raw);
            return file.put(footer().limit(footerSize)).array();
        }
        int length = blocksOffset() + blocks.size() * (bitmapSize() + blockSize);
        ByteBuffer file = ByteBuffer.allocate(length + footerSize);
        if (copy) {
            file.put(0, footer().array());
        }
        file.put(512, header().array());
        int at = locatorsOffset();
        for (Map.Entry<String, byte[]> locator : locators) {
            file.put(at, locator.getValue());
            at += locator.getValue().length;
        }
        byte[] absent = new byte[locatorsOffset() - TABLE_OFFSET];
        Arrays.fill(absent, (byte) -1);
        file.put(TABLE_OFFSET, absent);
        file.position(blocksOffset());
        for (Map.Entry<Integer, byte[]> block : blocks.entrySet()) {
            file.putInt(TABLE_OFFSET + block.getKey() * 4, file.position() / 512);
            file.put(block.getValue());
        }
        entries.forEach((block, entry) -> file.putInt(TABLE_OFFSET + block * 4, entry));
        file.put(footer().limit(footerSize));
        return file.array();
    }
}
