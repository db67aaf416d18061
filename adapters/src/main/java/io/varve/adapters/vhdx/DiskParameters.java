package io.varve.adapters.vhdx;

import io.varve.adapters.file.UnsupportedImageException;
import io.varve.adapters.file.WindowsGuid;
import io.varve.engine.port.ByteSource;
import io.varve.store.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.UUID;

/**
 * What the metadata says about the disk (MS-VHDX 2.6.2), every value within its limits.
 *
 * @param size bytes of the virtual disk, a multiple of the logical sector size
 * @param blockSize bytes, a power of two from 1 to 256 MiB
 * @param fixed whether blocks stay allocated; such a file may still have blocks without a place
 * @param hasParent whether this is a differencing disk
 * @param id the same in every file of the disk's lineage
 */
record DiskParameters(
        long size,
        int blockSize,
        boolean fixed,
        boolean hasParent,
        int logicalSectorSize,
        int physicalSectorSize,
        UUID id) {
    private static final Set<UUID> KNOWN = Set.of(
            VhdxFormat.FILE_PARAMETERS,
            VhdxFormat.VIRTUAL_DISK_SIZE,
            VhdxFormat.VIRTUAL_DISK_ID,
            VhdxFormat.LOGICAL_SECTOR_SIZE,
            VhdxFormat.PHYSICAL_SECTOR_SIZE,
            VhdxFormat.PARENT_LOCATOR,
            VhdxFormat.CHS_PARAMETERS);

    /**
     * @throws UnsupportedImageException when an item that must be understood is not known
     * @throws CorruptDataException when an item is missing, has a wrong length or an impossible value, or says that the
     *     file was never finished
     */
    static DiskParameters read(ByteSource source, Region region, MetadataTable table) throws IOException {
        for (MetadataItem item : table.items()) {
            if (item.is(VhdxFormat.INCOMPLETE_FILE)) {
                throw new CorruptDataException(
                        source.location(),
                        item.entryOffset(),
                        "a finished file",
                        "the mark of a file whose creation was never finished");
            }
            if (item.required() && !item.user() && !KNOWN.contains(item.id())) {
                throw new UnsupportedImageException(source.location() + " at offset " + item.entryOffset()
                        + ": the file has a metadata item " + item.id()
                        + " that must be understood to read it, and is not");
            }
        }
        Items items = new Items(source, region, table);
        int logical = items.sectorSize(VhdxFormat.LOGICAL_SECTOR_SIZE, "logical sector size");
        ByteBuffer file = items.bytes(VhdxFormat.FILE_PARAMETERS, "file parameters", 8);
        int blockSize = file.getInt(0);
        int flags = file.getInt(4);
        if (blockSize < VhdxFormat.SMALLEST_BLOCK
                || blockSize > VhdxFormat.LARGEST_BLOCK
                || Integer.bitCount(blockSize) != 1) {
            throw items.wrong(
                    VhdxFormat.FILE_PARAMETERS,
                    "a block size that is a power of two from 1 to 256 MiB",
                    Integer.toUnsignedString(blockSize));
        }
        if ((flags & ~(VhdxFormat.LEAVE_BLOCKS_ALLOCATED | VhdxFormat.HAS_PARENT)) != 0) {
            throw items.wrong(
                    VhdxFormat.FILE_PARAMETERS, "file flags with reserved bits 0", String.format("0x%08x", flags));
        }
        long size = items.bytes(VhdxFormat.VIRTUAL_DISK_SIZE, "virtual disk size", 8)
                .getLong(0);
        if (size <= 0 || size > VhdxFormat.LARGEST_DISK || size % logical != 0) {
            throw items.wrong(
                    VhdxFormat.VIRTUAL_DISK_SIZE,
                    "a disk size of at most 64 TiB that is a multiple of " + logical,
                    Long.toUnsignedString(size));
        }
        int physical = items.sectorSize(VhdxFormat.PHYSICAL_SECTOR_SIZE, "physical sector size");
        UUID id = WindowsGuid.get(items.bytes(VhdxFormat.VIRTUAL_DISK_ID, "virtual disk id", 16), 0);
        boolean hasParent = (flags & VhdxFormat.HAS_PARENT) != 0;
        if (hasParent && table.find(VhdxFormat.PARENT_LOCATOR).isEmpty()) {
            throw new CorruptDataException(
                    source.location(), region.offset(), "a parent locator, since this is a differencing disk", "none");
        }
        boolean fixed = (flags & VhdxFormat.LEAVE_BLOCKS_ALLOCATED) != 0 && !hasParent;
        return new DiskParameters(size, blockSize, fixed, hasParent, logical, physical, id);
    }

    BlockGeometry geometry() {
        return new BlockGeometry(size, blockSize, logicalSectorSize, hasParent);
    }

    private record Items(ByteSource source, Region region, MetadataTable table) {
        ByteBuffer bytes(UUID id, String name, int length) throws IOException {
            MetadataItem item = table.find(id)
                    .orElseThrow(() -> new CorruptDataException(
                            source.location(), region.offset(), "a metadata item \"" + name + "\"", "none"));
            if (item.length() != length) {
                throw new CorruptDataException(
                        source.location(),
                        item.entryOffset() + 20,
                        name + " of " + length + " bytes",
                        Integer.toString(item.length()));
            }
            return StructureReader.read(source, item.offset(), length, name);
        }

        int sectorSize(UUID id, String name) throws IOException {
            int size = bytes(id, name, 4).getInt(0);
            if (size != 512 && size != 4096) {
                throw wrong(id, "a " + name + " of 512 or 4096", Integer.toUnsignedString(size));
            }
            return size;
        }

        CorruptDataException wrong(UUID id, String expected, String found) {
            long offset = table.find(id).map(MetadataItem::offset).orElse(region.offset());
            return new CorruptDataException(source.location(), offset, expected, found);
        }
    }
}
