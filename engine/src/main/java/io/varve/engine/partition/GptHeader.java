package io.varve.engine.partition;

import io.varve.engine.port.WindowsGuid;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32;

/**
 * The header of a GUID partition table (UEFI specification 5.3.2), as far as it names the disk. It lies at LBA 1, which
 * is byte 512 or 4096.
 *
 * <pre>
 *  0  8  "EFI PART"
 *  8  4  revision
 * 12  4  header size, 92 to one sector
 * 16  4  CRC-32 of the header with this field zero
 * 56 16  disk GUID
 * </pre>
 */
public final class GptHeader {
    /** "EFI PART" read as a little-endian number. */
    private static final long SIGNATURE = 0x5452_4150_2049_4645L;

    private static final int SMALLEST = 92;
    private static final int SIZE_AT = 12;
    private static final int CRC_AT = 16;
    private static final int DISK_GUID_AT = 56;

    private GptHeader() {}

    /** Reads a disk's content. */
    @FunctionalInterface
    public interface Content {
        /** Fills {@code target} from position to limit with the bytes at {@code offset}. */
        void read(long offset, ByteBuffer target) throws IOException;
    }

    /**
     * The disk GUID in the header at the second sector. It is the guest's: it stays with the content, is copied with
     * it, and changes when the guest writes a new partition table.
     *
     * @param size bytes of the disk
     * @param sectorSize bytes of a logical sector
     * @return empty if there is no intact GPT header, or the GUID is nil
     */
    public static Optional<UUID> diskGuid(Content content, long size, int sectorSize) throws IOException {
        if (size < 2L * sectorSize || sectorSize < SMALLEST) {
            return Optional.empty();
        }
        ByteBuffer sector = ByteBuffer.allocateDirect(sectorSize).order(ByteOrder.LITTLE_ENDIAN);
        content.read(sectorSize, sector);
        return diskGuid(sector);
    }

    private static Optional<UUID> diskGuid(ByteBuffer sector) {
        int size = sector.getInt(SIZE_AT);
        if (sector.getLong(0) != SIGNATURE || size < SMALLEST || size > sector.capacity()) {
            return Optional.empty();
        }
        int stored = sector.getInt(CRC_AT);
        sector.putInt(CRC_AT, 0);
        CRC32 crc = new CRC32();
        crc.update(sector.duplicate().position(0).limit(size));
        UUID guid = WindowsGuid.get(sector, DISK_GUID_AT);
        boolean sound = (int) crc.getValue() == stored && !guid.equals(WindowsGuid.NIL);
        return sound ? Optional.of(guid) : Optional.empty();
    }
}
