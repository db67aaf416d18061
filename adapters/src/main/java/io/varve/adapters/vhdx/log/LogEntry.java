package io.varve.adapters.vhdx.log;

import io.varve.adapters.vhdx.format.VhdxFormat;
import io.varve.engine.port.WindowsGuid;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * A valid entry of the log (MS-VHDX 2.3.1): one or more sectors with a header of 64 bytes and descriptors of 32 bytes
 * each, followed by one sector per data descriptor. It may wrap around the end of the ring at any sector.
 *
 * @param position position of its first byte in the ring
 * @param length length in bytes, a multiple of 4 KiB
 * @param tail position of the oldest entry that was still needed when this one was written
 * @param sequence unsigned, greater than 0
 * @param flushedFileOffset bytes of the file that were durable when the entry was written, unsigned
 * @param lastFileOffset length that the file must have after the entry is replayed, unsigned
 */
record LogEntry(
        long position,
        long length,
        long tail,
        long sequence,
        long descriptorCount,
        long flushedFileOffset,
        long lastFileOffset) {
    static final int SECTOR = LogRing.SECTOR;
    static final int DESCRIPTOR_SIZE = 32;

    private static final int HEADER_SIZE = 64;
    private static final int CHECKSUM_AT = 4;

    /**
     * Reads the entry at {@code position}. Returns null if there is none, or if it is incomplete, belongs to another
     * log GUID, or is damaged. All of this is normal in a log and ends a run.
     *
     * <p>Time: only the first sector of an entry begins with "loge", so trying every sector of the ring reads each
     * sector at most twice, whatever lengths the headers claim.
     */
    static LogEntry read(LogRing ring, long position, UUID guid) throws IOException {
        ByteBuffer first = ring.sector(position);
        if (first.getInt(0) != VhdxFormat.LOG_ENTRY_SIGNATURE) {
            return null;
        }
        LogEntry entry = new LogEntry(
                position % ring.length(),
                Integer.toUnsignedLong(first.getInt(8)),
                Integer.toUnsignedLong(first.getInt(12)),
                first.getLong(16),
                Integer.toUnsignedLong(first.getInt(24)),
                first.getLong(48),
                first.getLong(56));
        boolean possible = entry.length >= SECTOR
                && entry.length % SECTOR == 0
                && entry.length < ring.length()
                && entry.tail % SECTOR == 0
                && entry.tail < ring.length()
                && entry.sequence != 0
                && entry.descriptorCount <= (entry.length - HEADER_SIZE) / DESCRIPTOR_SIZE
                && first.getInt(28) == 0
                && WindowsGuid.get(first, 32).equals(guid);
        int checksum = first.getInt(CHECKSUM_AT);
        return possible && entry.isSound(ring, checksum) ? entry : null;
    }

    private boolean isSound(LogRing ring, int checksum) throws IOException {
        CRC32C crc = new CRC32C();
        long dataSectors = 0;
        for (long at = 0; at < length; at += SECTOR) {
            ByteBuffer sector = ring.sector(position + at);
            if (at < descriptorLength()) {
                int data = dataDescriptors(sector, at);
                if (data < 0) {
                    return false;
                }
                dataSectors += data;
                if (at + SECTOR == descriptorLength() && length != descriptorLength() + dataSectors * SECTOR) {
                    return false;
                }
            } else if (!isData(sector)) {
                return false;
            }
            if (at == 0) {
                crc.update(sector.duplicate().limit(CHECKSUM_AT));
                crc.update(new byte[Integer.BYTES]);
                crc.update(sector.duplicate().position(CHECKSUM_AT + Integer.BYTES));
            } else {
                crc.update(sector);
            }
        }
        return (int) crc.getValue() == checksum;
    }

    /** Length in bytes of the sectors with header and descriptors. */
    long descriptorLength() {
        return (HEADER_SIZE + descriptorCount * DESCRIPTOR_SIZE + SECTOR - 1) / SECTOR * SECTOR;
    }

    /** Returns the offset in the entry of descriptor {@code number}. */
    static long descriptorAt(long number) {
        return HEADER_SIZE + number * DESCRIPTOR_SIZE;
    }

    /**
     * Returns how many descriptors in the sector {@code at} bytes after the start of the entry have data; -1 if it is
     * damaged.
     */
    private int dataDescriptors(ByteBuffer sector, long at) {
        int data = 0;
        long end = Math.min(at + SECTOR, descriptorAt(descriptorCount));
        for (long next = Math.max(at, HEADER_SIZE); next < end; next += DESCRIPTOR_SIZE) {
            int from = (int) (next - at);
            int signature = sector.getInt(from);
            boolean zero = signature == VhdxFormat.LOG_ZERO_SIGNATURE;
            boolean sound = (zero ? sector.getLong(from + 8) % SECTOR == 0 : signature == VhdxFormat.LOG_DESC_SIGNATURE)
                    && sector.getLong(from + 16) % SECTOR == 0
                    && sector.getLong(from + 24) == sequence;
            if (!sound) {
                return -1;
            }
            data += zero ? 0 : 1;
        }
        return data;
    }

    private boolean isData(ByteBuffer sector) {
        return sector.getInt(0) == VhdxFormat.LOG_DATA_SIGNATURE
                && sector.getInt(4) == (int) (sequence >>> 32)
                && sector.getInt(SECTOR - 4) == (int) sequence;
    }
}
