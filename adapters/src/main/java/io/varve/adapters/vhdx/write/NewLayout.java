package io.varve.adapters.vhdx.write;

import io.varve.adapters.vhdx.format.BlockGeometry;
import io.varve.adapters.vhdx.format.Checksum;
import io.varve.adapters.vhdx.format.VhdxFormat;
import io.varve.engine.port.WindowsGuid;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Encodes the structures of a new file, at the offsets that Windows uses: log at 1 MiB, metadata at 2 MiB, BAT at 3
 * MiB, followed by blocks. Every returned buffer is ready to be written, from position 0 to limit.
 *
 * @param batLength length of the BAT's region in bytes, a multiple of 1 MiB
 */
record NewLayout(NewVhdx disk, long batLength) {
    static final long LOG_OFFSET = VhdxFormat.MIB;
    static final int LOG_LENGTH = VhdxFormat.MIB;
    static final long METADATA_OFFSET = 2 * VhdxFormat.MIB;
    static final int METADATA_LENGTH = VhdxFormat.MIB;
    static final long BAT_OFFSET = 3 * VhdxFormat.MIB;

    private static final String CREATOR = "Varve";
    private static final int REQUIRED_REGION = 1;

    static NewLayout of(NewVhdx disk, BlockGeometry geometry) {
        long length = (geometry.tableSize() + VhdxFormat.MIB - 1) / VhdxFormat.MIB * VhdxFormat.MIB;
        return new NewLayout(disk, length);
    }

    long firstBlockOffset() {
        return BAT_OFFSET + batLength;
    }

    private static ByteBuffer bytes(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** MS-VHDX 2.2.1. */
    ByteBuffer identifier() {
        ByteBuffer bytes = bytes(VhdxFormat.CREATOR_AT + VhdxFormat.CREATOR_SIZE);
        bytes.putLong(0, VhdxFormat.FILE_SIGNATURE);
        bytes.put(VhdxFormat.CREATOR_AT, CREATOR.getBytes(StandardCharsets.UTF_16LE));
        return bytes;
    }

    /** MS-VHDX 2.2.2, with no log to replay. */
    ByteBuffer header(long sequence, UUID fileWriteGuid, UUID dataWriteGuid) {
        ByteBuffer bytes = bytes(VhdxFormat.HEADER_SIZE);
        bytes.putInt(0, VhdxFormat.HEADER_SIGNATURE);
        bytes.putLong(8, sequence);
        WindowsGuid.put(bytes, 16, fileWriteGuid);
        WindowsGuid.put(bytes, 32, dataWriteGuid);
        bytes.putShort(66, (short) VhdxFormat.VERSION);
        bytes.putInt(68, LOG_LENGTH);
        bytes.putLong(72, LOG_OFFSET);
        return bytes.putInt(4, Checksum.of(bytes, 4));
    }

    /** MS-VHDX 2.2.3. */
    ByteBuffer regionTable() {
        ByteBuffer bytes = bytes(VhdxFormat.REGION_TABLE_SIZE);
        bytes.putInt(0, VhdxFormat.REGION_SIGNATURE);
        bytes.putInt(8, 2);
        region(bytes, 16, VhdxFormat.BAT_REGION, BAT_OFFSET, batLength);
        region(bytes, 48, VhdxFormat.METADATA_REGION, METADATA_OFFSET, METADATA_LENGTH);
        return bytes.putInt(4, Checksum.of(bytes, 4));
    }

    private static void region(ByteBuffer bytes, int at, UUID id, long offset, long length) {
        WindowsGuid.put(bytes, at, id);
        bytes.putLong(at + 16, offset);
        bytes.putInt(at + 24, Math.toIntExact(length));
        bytes.putInt(at + 28, REQUIRED_REGION);
    }

    /** MS-VHDX 2.6: the table of 64 KiB, followed by the items that every reader needs. */
    ByteBuffer metadata(UUID diskId) {
        byte[] locator = disk.parent().map(NewLayout::locator).orElse(new byte[0]);
        ByteBuffer bytes = bytes(VhdxFormat.METADATA_TABLE_SIZE + VhdxFormat.KIB + locator.length);
        bytes.putLong(0, VhdxFormat.METADATA_SIGNATURE);
        bytes.putShort(10, (short) (locator.length == 0 ? 5 : 6));
        int ofFile = VhdxFormat.IS_REQUIRED;
        int ofDisk = VhdxFormat.IS_REQUIRED | VhdxFormat.IS_VIRTUAL_DISK;
        int at = VhdxFormat.METADATA_TABLE_SIZE;
        item(bytes, 0, VhdxFormat.FILE_PARAMETERS, at, 8, ofFile);
        bytes.putInt(at, disk.blockSize());
        bytes.putInt(
                at + 4,
                disk.fixed() ? VhdxFormat.LEAVE_BLOCKS_ALLOCATED : locator.length == 0 ? 0 : VhdxFormat.HAS_PARENT);
        item(bytes, 1, VhdxFormat.VIRTUAL_DISK_SIZE, at + 8, 8, ofDisk);
        bytes.putLong(at + 8, disk.size());
        item(bytes, 2, VhdxFormat.LOGICAL_SECTOR_SIZE, at + 16, 4, ofDisk);
        bytes.putInt(at + 16, disk.logicalSectorSize());
        item(bytes, 3, VhdxFormat.PHYSICAL_SECTOR_SIZE, at + 20, 4, ofDisk);
        bytes.putInt(at + 20, disk.physicalSectorSize());
        item(bytes, 4, VhdxFormat.VIRTUAL_DISK_ID, at + 24, 16, ofDisk);
        WindowsGuid.put(bytes, at + 24, diskId);
        if (locator.length > 0) {
            item(bytes, 5, VhdxFormat.PARENT_LOCATOR, at + 40, locator.length, ofFile);
            bytes.put(at + 40, locator);
        }
        return bytes;
    }

    /** MS-VHDX 2.6.2.6, in the order in which Windows writes the pairs. */
    private static byte[] locator(NewParent parent) {
        Map<String, String> pairs = new LinkedHashMap<>();
        pairs.put("parent_linkage", "{" + parent.dataWriteGuid() + "}");
        pairs.putAll(parent.paths());
        pairs.put("parent_linkage2", "{" + WindowsGuid.NIL + "}");
        int at = 20 + 12 * pairs.size();
        ByteArrayOutputStream texts = new ByteArrayOutputStream();
        ByteBuffer header = bytes(at);
        WindowsGuid.put(header, 0, VhdxFormat.VHDX_LOCATOR);
        header.putShort(18, (short) pairs.size()).position(20);
        for (Map.Entry<String, String> pair : pairs.entrySet()) {
            byte[] key = pair.getKey().getBytes(StandardCharsets.UTF_16LE);
            byte[] value = pair.getValue().getBytes(StandardCharsets.UTF_16LE);
            header.putInt(at + texts.size()).putInt(at + texts.size() + key.length);
            header.putShort((short) key.length).putShort((short) value.length);
            texts.writeBytes(key);
            texts.writeBytes(value);
        }
        return bytes(at + texts.size())
                .put(header.flip())
                .put(texts.toByteArray())
                .array();
    }

    private static void item(ByteBuffer bytes, int number, UUID id, int offset, int length, int flags) {
        int at = 32 + number * 32;
        WindowsGuid.put(bytes, at, id);
        bytes.putInt(at + 16, offset);
        bytes.putInt(at + 20, length);
        bytes.putInt(at + 24, flags);
    }
}
