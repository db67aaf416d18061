package io.varve.adapters.vhd;

import io.varve.adapters.file.FileStructure;
import io.varve.adapters.file.UnsupportedImageException;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.WindowsGuid;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The header of a dynamic or differencing disk (VHD 1.0, "Dynamic Disk Header Format"): where its blocks are listed,
 * and what its parent is. The parent's timestamp is ignored, because copying the parent changes it.
 *
 * @param offset where in the file it lies
 * @param tableOffset offset of the block allocation table (BAT), which is inside the file as a whole
 * @param entryCount number of entries of the BAT; those past the end of the disk are ignored
 * @param blockSize in bytes, a power of two from 512 bytes to 2 GiB
 * @param parentId unique id of the parent; meaningless if there is none
 * @param parentName name of the parent, which may be a whole path
 * @param locators the parent locators of all platforms, in the order of the file
 */
record DynamicHeader(
        long offset,
        long tableOffset,
        long entryCount,
        long blockSize,
        UUID parentId,
        String parentName,
        List<Locator> locators) {
    private static final int TABLE_OFFSET_AT = 16;
    private static final int VERSION_AT = 24;
    private static final int ENTRY_COUNT_AT = 28;
    private static final int BLOCK_SIZE_AT = 32;
    private static final int PARENT_ID_AT = 40;
    private static final int PARENT_NAME_AT = 64;
    private static final int PARENT_NAME_SIZE = 512;
    private static final int LOCATORS_AT = 576;
    private static final int LOCATOR_SIZE = 24;
    private static final int LOCATOR_COUNT = 8;

    /**
     * A parent locator. Its "data space" is omitted, because some writers count it in sectors and some in bytes.
     *
     * @param code four letters that name platform and kind
     * @param length length of the data in bytes, unsigned
     * @param offset offset of the data in the file; not checked
     * @param entryOffset offset of the entry in the file
     */
    record Locator(String code, long length, long offset, long entryOffset) {}

    /**
     * @throws CorruptDataException if there is no header at the offset in the footer, or it contradicts itself or the
     *     file
     * @throws UnsupportedImageException if its version is not supported
     */
    static DynamicHeader read(ByteSource source, VhdFooter footer) throws IOException {
        String file = source.location();
        long offset = footer.headerOffset();
        if (offset < VhdFormat.FOOTER_SIZE || offset > footer.dataEnd() - VhdFormat.HEADER_SIZE) {
            throw new CorruptDataException(
                    file,
                    footer.offset() + 16,
                    "the offset of a header between the footer's copy and the footer",
                    Long.toUnsignedString(offset));
        }
        ByteBuffer bytes = FileStructure.read(source, offset, VhdFormat.HEADER_SIZE, "VHD header");
        if (bytes.getLong(0) != VhdFormat.HEADER_COOKIE) {
            throw new CorruptDataException(
                    file, offset, "\"cxsparse\", the header of a VHD", String.format("0x%016x", bytes.getLong(0)));
        }
        int expected = VhdFormat.checksum(bytes, VhdFormat.HEADER_CHECKSUM_AT);
        int found = bytes.getInt(VhdFormat.HEADER_CHECKSUM_AT);
        if (expected != found) {
            throw new CorruptDataException(
                    file,
                    offset + VhdFormat.HEADER_CHECKSUM_AT,
                    String.format("a header with checksum 0x%08x", expected),
                    String.format("0x%08x", found));
        }
        int version = bytes.getInt(VERSION_AT);
        if (version >>> 16 != VhdFormat.VERSION >>> 16) {
            throw new UnsupportedImageException(
                    file + ": expected a VHD header of version 1, found " + (version >>> 16) + "; it is not read");
        }
        return decode(file, bytes, footer);
    }

    private static DynamicHeader decode(String file, ByteBuffer bytes, VhdFooter footer) throws CorruptDataException {
        long offset = footer.headerOffset();
        long blockSize = Integer.toUnsignedLong(bytes.getInt(BLOCK_SIZE_AT));
        if (blockSize < VhdFormat.SECTOR || Long.bitCount(blockSize) != 1) {
            throw new CorruptDataException(
                    file,
                    offset + BLOCK_SIZE_AT,
                    "a block size that is a power of two from 512",
                    Long.toString(blockSize));
        }
        long entryCount = Integer.toUnsignedLong(bytes.getInt(ENTRY_COUNT_AT));
        long needed = (footer.size() - 1) / blockSize + 1;
        if (entryCount < needed) {
            throw new CorruptDataException(
                    file,
                    offset + ENTRY_COUNT_AT,
                    "a BAT of at least " + needed + " entries for a disk of " + footer.size(),
                    Long.toString(entryCount));
        }
        long tableOffset = bytes.getLong(TABLE_OFFSET_AT);
        long tableSize = entryCount * VhdFormat.ENTRY_SIZE;
        boolean inside = tableOffset >= VhdFormat.FOOTER_SIZE && tableOffset <= footer.dataEnd() - tableSize;
        if (!inside || tableOffset < offset + VhdFormat.HEADER_SIZE && offset < tableOffset + tableSize) {
            throw new CorruptDataException(
                    file,
                    offset + TABLE_OFFSET_AT,
                    "a BAT of " + tableSize + " bytes with a place of its own between the footer's copy and "
                            + footer.dataEnd(),
                    "offset " + Long.toUnsignedString(tableOffset));
        }
        ByteBuffer name = bytes.duplicate().position(PARENT_NAME_AT).limit(PARENT_NAME_AT + PARENT_NAME_SIZE);
        return new DynamicHeader(
                offset,
                tableOffset,
                entryCount,
                blockSize,
                WindowsGuid.get(bytes, PARENT_ID_AT),
                ParentNames.text(StandardCharsets.UTF_16BE, name),
                locators(bytes, offset));
    }

    private static List<Locator> locators(ByteBuffer bytes, long offset) {
        List<Locator> locators = new ArrayList<>();
        for (int number = 0; number < LOCATOR_COUNT; number++) {
            int at = LOCATORS_AT + number * LOCATOR_SIZE;
            ByteBuffer code = bytes.duplicate().position(at).limit(at + 4);
            locators.add(new Locator(
                    StandardCharsets.ISO_8859_1.decode(code).toString(),
                    Integer.toUnsignedLong(bytes.getInt(at + 8)),
                    bytes.getLong(at + 16),
                    offset + at));
        }
        return List.copyOf(locators);
    }

    long tableEnd() {
        return tableOffset + entryCount * VhdFormat.ENTRY_SIZE;
    }
}
