package io.varve.adapters.vhd;

import io.varve.engine.port.WindowsGuid;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/**
 * Encodes the structures of a new file. For a dynamic disk these are: copy of the footer, header, BAT, blocks, in this
 * order and without gaps. Every returned buffer is ready to be written, from position 0 to limit.
 */
record NewLayout(NewVhd disk, UUID uniqueId) {
    static final long HEADER_OFFSET = VhdFormat.FOOTER_SIZE;
    static final long TABLE_OFFSET = HEADER_OFFSET + VhdFormat.HEADER_SIZE;

    /**
     * QEMU computes the size from the geometry, which would cut off the end of the disk, unless it knows that the
     * creator uses the Current Size, as it does for Windows.
     */
    private static final String CREATOR = "win ";

    /** Windows 10 and later. */
    private static final int CREATOR_VERSION = 0x000A_0000;

    private static final String CREATOR_SYSTEM = "Wi2k";

    /** The feature bit that is always set. */
    private static final int FEATURES = 2;

    private static final Instant FIRST_MOMENT = Instant.parse("2000-01-01T00:00:00Z");

    BlockGeometry geometry() {
        return new BlockGeometry(disk.size(), disk.blockSize());
    }

    /** Offset after the BAT, which is padded to whole sectors. */
    long firstBlockOffset() {
        long size = geometry().blockCount() * VhdFormat.ENTRY_SIZE;
        return TABLE_OFFSET + (size + VhdFormat.SECTOR - 1) / VhdFormat.SECTOR * VhdFormat.SECTOR;
    }

    private static void text(ByteBuffer bytes, int at, String text) {
        bytes.put(at, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** VHD 1.0, "Hard Disk Footer Format". */
    ByteBuffer footer() {
        ByteBuffer bytes = ByteBuffer.allocate(VhdFormat.FOOTER_SIZE);
        bytes.putLong(0, VhdFormat.FOOTER_COOKIE);
        bytes.putInt(8, FEATURES);
        bytes.putInt(12, VhdFormat.VERSION);
        bytes.putLong(16, disk.fixed() ? VhdFormat.NOWHERE : HEADER_OFFSET);
        bytes.putInt(24, (int) (Instant.now().getEpochSecond() - FIRST_MOMENT.getEpochSecond()));
        text(bytes, 28, CREATOR);
        bytes.putInt(32, CREATOR_VERSION);
        text(bytes, 36, CREATOR_SYSTEM);
        bytes.putLong(40, disk.size());
        bytes.putLong(48, disk.size());
        bytes.putInt(56, Geometry.of(disk.size()).code());
        bytes.putInt(60, (disk.fixed() ? DiskType.FIXED : DiskType.DYNAMIC).code());
        WindowsGuid.put(bytes, 68, uniqueId);
        int at = VhdFormat.FOOTER_CHECKSUM_AT;
        return bytes.putInt(at, VhdFormat.checksum(bytes, at));
    }

    /** VHD 1.0, "Dynamic Disk Header Format", for a disk without a parent. */
    ByteBuffer header() {
        ByteBuffer bytes = ByteBuffer.allocate(VhdFormat.HEADER_SIZE);
        bytes.putLong(0, VhdFormat.HEADER_COOKIE);
        bytes.putLong(8, VhdFormat.NOWHERE);
        bytes.putLong(16, TABLE_OFFSET);
        bytes.putInt(24, VhdFormat.VERSION);
        bytes.putInt(28, Math.toIntExact(geometry().blockCount()));
        bytes.putInt(32, disk.blockSize());
        int at = VhdFormat.HEADER_CHECKSUM_AT;
        return bytes.putInt(at, VhdFormat.checksum(bytes, at));
    }
}
