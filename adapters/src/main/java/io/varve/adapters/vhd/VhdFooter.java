package io.varve.adapters.vhd;

import io.varve.adapters.file.UnsupportedImageException;
import io.varve.engine.port.WindowsGuid;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * The footer (VHD 1.0, "Hard Disk Footer Format"): what the disk is. {@link FooterSearch} finds it.
 *
 * <p>The size is always the Current Size, as in Hyper-V. Virtual PC used the product of the geometry, which is slightly
 * smaller; using the larger one never loses data.
 *
 * @param offset where in the file it lies
 * @param dataEnd end of the disk's data in the file: the offset of the footer, or the end of the file if only the copy
 *     at the beginning is left
 * @param size bytes of the virtual disk, a multiple of 512
 * @param headerOffset offset of the header of a dynamic or differencing disk; meaningless for fixed disks
 * @param uniqueId id by which children identify this file; not changed by writes
 */
record VhdFooter(long offset, long dataEnd, long size, long headerOffset, DiskType type, UUID uniqueId) {
    private static final int VERSION_AT = 12;
    private static final int HEADER_OFFSET_AT = 16;
    private static final int SIZE_AT = 48;
    private static final int TYPE_AT = 60;
    private static final int ID_AT = 68;

    /**
     * @param bytes 512 bytes whose cookie and checksum are right
     * @throws CorruptDataException if they contradict themselves or the file
     * @throws UnsupportedImageException if the kind of disk is not supported
     */
    static VhdFooter decode(String file, ByteBuffer bytes, long offset, long dataEnd) throws IOException {
        int version = bytes.getInt(VERSION_AT);
        if (version >>> 16 != VhdFormat.VERSION >>> 16) {
            throw new UnsupportedImageException(
                    file + ": expected VHD version 1, found " + (version >>> 16) + "; it is not read");
        }
        int code = bytes.getInt(TYPE_AT);
        DiskType type = DiskType.of(code)
                .orElseThrow(() -> new UnsupportedImageException(
                        file + " at offset " + (offset + TYPE_AT) + ": expected a fixed, dynamic or differencing disk"
                                + " (2, 3, 4), found type " + Integer.toUnsignedString(code) + "; it is not read"));
        long size = bytes.getLong(SIZE_AT);
        if (size <= 0 || size % VhdFormat.SECTOR != 0) {
            throw new CorruptDataException(
                    file, offset + SIZE_AT, "a disk size that is a multiple of 512", Long.toUnsignedString(size));
        }
        if (type == DiskType.FIXED && size > dataEnd) {
            throw new CorruptDataException(
                    file,
                    offset + SIZE_AT,
                    "a disk size of at most " + dataEnd + ", as much as the file holds before its footer",
                    size + ": the file was cut off, or the footer belongs to another one");
        }
        long headerOffset = bytes.getLong(HEADER_OFFSET_AT);
        return new VhdFooter(offset, dataEnd, size, headerOffset, type, WindowsGuid.get(bytes, ID_AT));
    }

    /** Whether {@code bytes}, whose cookie and checksum are right, are the footer of a fixed disk. */
    static boolean isFixed(ByteBuffer bytes) {
        return bytes.getInt(TYPE_AT) == DiskType.FIXED.code();
    }
}
