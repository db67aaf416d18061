package io.varve.adapters.contract;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Makes small VHDX files in memory, sound or hostile. Written from the specification and from nothing of ours, so that
 * reader and builder do not share a mistake. Fields are public: a test changes what it likes before {@link #build}.
 */
public final class VhdxBuilder {
    public static final String BAT = "6677C22D23F600429D64115E9BFD4A08";
    public static final String METADATA = "06A27C8B90479A4BB8FE575F050F886E";
    public static final String FILE_PARAMETERS = "3767A1CA36FA434DB3B633F0AA44E76B";
    public static final String DISK_SIZE = "2442A52F1BCD7648B2115DBED83BF4B8";
    public static final String DISK_ID = "AB12CABEE6B2234593EFC309E000C746";
    public static final String LOGICAL = "1DBF41816FA90947BA47F233A8FAAB5F";
    public static final String PHYSICAL = "C748A3CD5D44714 49CC9E9885251C556".replace(" ", "");
    public static final String LOCATOR = "2D5FD3A80BB34D45ABF7D3D84834AB0C";

    public static final String LOCATOR_TYPE = "B7EF4AB09ED1814AB78925B8E9445913";

    private static final int MIB = 1 << 20;

    public long size;
    public int blockSize;
    public int lss = 512;
    public int pss = 4096;
    public int flags;
    public byte[] creator = "test".getBytes(StandardCharsets.UTF_16LE);
    public long sequence1 = 6;
    public long sequence2 = 7;
    public byte[] fileWriteGuid = HexFormat.of().parseHex("a1".repeat(16));
    public byte[] dataWriteGuid = HexFormat.of().parseHex("b2".repeat(16));
    public byte[] logGuid = new byte[16];
    public int logVersion;
    public int version = 1;
    public int logLength = MIB;
    public long logOffset = MIB;
    public long metadataOffset = 2 * MIB;
    public long batOffset = 3 * MIB;
    public int batLength = MIB;
    public byte[] diskId = HexFormat.of().parseHex("00112233445566778899aabbccddeeff");

    /** Extra regions, each the 32 bytes of its entry. */
    public final List<byte[]> regions = new ArrayList<>();

    /** Metadata items: id in hex, then flags and content. */
    public final Map<String, Item> items = new LinkedHashMap<>();

    /** BAT entries by index. */
    public final Map<Integer, Long> entries = new LinkedHashMap<>();

    private final Map<Long, byte[]> payload = new LinkedHashMap<>();
    private final Map<Integer, BitSet> bitmaps = new LinkedHashMap<>();
    public long nextPlace = 4 * MIB;
    public long fileLength = -1;

    /** A metadata item. */
    public static final class Item {
        final int flags;
        final byte[] content;

        /** @param flags bit 0 user, 1 virtual disk, 2 required */
        public Item(int flags, byte[] content) {
            this.flags = flags;
            this.content = content;
        }
    }

    public VhdxBuilder(long size, int blockSize) {
        this.size = size;
        this.blockSize = blockSize;
    }

    public int ratio() {
        return (int) ((1L << 23) * lss / blockSize);
    }

    public int index(long block) {
        return (int) (block + block / ratio());
    }

    public VhdxBuilder state(long block, int state) {
        entries.put(index(block), (long) state);
        return this;
    }

    /** Puts a block's content at the next free place of the file. */
    public long present(long block, byte[] content) {
        long place = nextPlace;
        nextPlace += blockSize;
        payload.put(place, content);
        entries.put(index(block), place | 6);
        return place;
    }

    /**
     * Puts at the next free place a block of which only these sectors (counted from the block's first one) count.
     * Behind the blocks built last comes the sector bitmap of each chunk that needs one.
     */
    public void partial(long block, byte[] content, BitSet sectors) {
        entries.put(index(block), present(block, content) | 7);
        int first = (int) (block % ratio()) * (blockSize / lss);
        sectors.stream().forEach(sector -> bitmap(block).set(first + sector));
    }

    /** The sector bitmap of the block's chunk; asking for it makes it exist. */
    public BitSet bitmap(long block) {
        return bitmaps.computeIfAbsent((int) (block / ratio()), chunk -> new BitSet());
    }

    /** Makes it a differencing disk whose parent has this DataWriteGuid; further pairs in turn key and value. */
    public VhdxBuilder child(byte[] parentDataWriteGuid, String... pairs) {
        flags |= 2;
        List<byte[]> texts = new ArrayList<>();
        texts.add("parent_linkage".getBytes(StandardCharsets.UTF_16LE));
        texts.add(("{" + guidText(parentDataWriteGuid) + "}").getBytes(StandardCharsets.UTF_16LE));
        for (String text : pairs) {
            texts.add(text.getBytes(StandardCharsets.UTF_16LE));
        }
        ByteBuffer bytes = ByteBuffer.allocate(65536).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(HexFormat.of().parseHex(LOCATOR_TYPE)).putShort(18, (short) (texts.size() / 2));
        int at = 20 + 6 * texts.size();
        for (int i = 0; i < texts.size(); i++) {
            int pair = 20 + i / 2 * 12;
            bytes.putInt(pair + i % 2 * 4, at).putShort(pair + 8 + i % 2 * 2, (short) texts.get(i).length);
            bytes.put(at, texts.get(i));
            at += texts.get(i).length;
        }
        items.put(LOCATOR, new Item(4, Arrays.copyOf(bytes.array(), at)));
        return this;
    }

    /** As Windows writes it: the first three fields are stored with their lowest byte first. */
    public static String guidText(byte[] guid) {
        String hex = HexFormat.of().formatHex(guid);
        int[] order = {3, 2, 1, 0, -1, 5, 4, -1, 7, 6, -1, 8, 9, -1, 10, 11, 12, 13, 14, 15};
        StringBuilder text = new StringBuilder();
        for (int at : order) {
            text.append(at < 0 ? "-" : hex.substring(2 * at, 2 * at + 2));
        }
        return text.toString();
    }

    public static byte[] u32(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            bytes.putInt(value);
        }
        return bytes.array();
    }

    public static byte[] u64(long value) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
    }

    public byte[] build() {
        items.putIfAbsent(FILE_PARAMETERS, new Item(4, u32(blockSize, flags)));
        items.putIfAbsent(DISK_SIZE, new Item(6, u64(size)));
        items.putIfAbsent(LOGICAL, new Item(6, u32(lss)));
        items.putIfAbsent(PHYSICAL, new Item(6, u32(pss)));
        items.putIfAbsent(DISK_ID, new Item(6, diskId));
        bitmaps.forEach((chunk, bits) -> {
            byte[] bitmap = Arrays.copyOf(bits.toByteArray(), MIB);
            entries.put(chunk * (ratio() + 1) + ratio(), nextPlace | 6);
            payload.put(nextPlace, bitmap);
            nextPlace += MIB;
        });
        bitmaps.clear();
        long end = fileLength >= 0 ? fileLength : Math.max(nextPlace, 4 * MIB);
        byte[] bytes = new byte[(int) end];
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        file.put(0, "vhdxfile".getBytes(StandardCharsets.US_ASCII)).put(8, creator);
        header(file, 64 << 10, sequence1);
        header(file, 128 << 10, sequence2);
        regionTable(file, 192 << 10);
        regionTable(file, 256 << 10);
        for (int at = 64 << 10; at < 320 << 10; at += 64 << 10) {
            seal(bytes, at, at < 192 << 10 ? 4096 : 65536);
        }
        metadata(file);
        entries.forEach((index, entry) -> file.putLong((int) batOffset + 8 * index, entry));
        payload.forEach((place, content) ->
                file.put((int) (long) place, content, 0, (int) Math.min(content.length, Math.max(0, end - place))));
        return bytes;
    }

    private void header(ByteBuffer file, int at, long sequence) {
        file.put(at, "head".getBytes(StandardCharsets.US_ASCII)).putLong(at + 8, sequence);
        file.put(at + 16, fileWriteGuid);
        file.put(at + 32, dataWriteGuid);
        file.put(at + 48, logGuid).putShort(at + 64, (short) logVersion).putShort(at + 66, (short) version);
        file.putInt(at + 68, logLength).putLong(at + 72, logOffset);
    }

    private void regionTable(ByteBuffer file, int at) {
        file.put(at, "regi".getBytes(StandardCharsets.US_ASCII)).putInt(at + 8, 2 + regions.size());
        file.position(at + 16);
        file.put(HexFormat.of().parseHex(BAT))
                .putLong(batOffset)
                .putInt(batLength)
                .putInt(1);
        file.put(HexFormat.of().parseHex(METADATA))
                .putLong(metadataOffset)
                .putInt(MIB)
                .putInt(1);
        regions.forEach(file::put);
        file.clear();
    }

    private void metadata(ByteBuffer file) {
        int at = (int) metadataOffset;
        file.put(at, "metadata".getBytes(StandardCharsets.US_ASCII)).putShort(at + 10, (short) items.size());
        int entry = at + 32;
        int content = 65536;
        for (Map.Entry<String, Item> item : items.entrySet()) {
            byte[] bytes = item.getValue().content;
            file.put(entry, HexFormat.of().parseHex(item.getKey()));
            file.putInt(entry + 16, bytes.length == 0 ? 0 : content).putInt(entry + 20, bytes.length);
            file.putInt(entry + 24, item.getValue().flags);
            file.put(at + content, bytes);
            content += bytes.length;
            entry += 32;
        }
    }

    /** Makes the checksum of the structure at {@code at} right again. */
    public static byte[] seal(byte[] file, int at, int length) {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(at + 4, 0);
        CRC32C crc = new CRC32C();
        crc.update(file, at, length);
        bytes.putInt(at + 4, (int) crc.getValue());
        return file;
    }
}
