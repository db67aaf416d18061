package io.varve.adapters.vhdx.format;

import io.varve.adapters.file.UnsupportedImageException;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.WindowsGuid;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
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
public record DiskParameters(
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
    public static DiskParameters read(ByteSource source, Region region, MetadataTable table) throws IOException {
        return read(source, region, table, Faults.REFUSE).orElseThrow();
    }

    /**
     * As {@link #read(ByteSource, Region, MetadataTable)}; empty when {@code faults} was told of something without
     * which no block can be found. Of what is not needed for that, a faulty physical sector size becomes the logical
     * one and a faulty id the nil GUID.
     */
    public static Optional<DiskParameters> read(ByteSource source, Region region, MetadataTable table, Faults faults)
            throws IOException {
        checkKnown(source, table, faults);
        Items items = new Items(source, region, table, faults);
        Optional<Integer> logical = items.sectorSize(VhdxFormat.LOGICAL_SECTOR_SIZE, "logical sector size");
        Optional<ByteBuffer> file = items.bytes(VhdxFormat.FILE_PARAMETERS, "file parameters", 8);
        int blockSize = file.isPresent() ? file.get().getInt(0) : 0;
        int flags = file.isPresent() ? file.get().getInt(4) : 0;
        boolean sizesKnown = file.isPresent() && logical.isPresent();
        if (file.isPresent()
                && (blockSize < VhdxFormat.SMALLEST_BLOCK
                        || blockSize > VhdxFormat.LARGEST_BLOCK
                        || Integer.bitCount(blockSize) != 1)) {
            items.wrong(
                    VhdxFault.BLOCK_SIZE,
                    VhdxFormat.FILE_PARAMETERS,
                    "a block size that is a power of two from 1 to 256 MiB",
                    Integer.toUnsignedString(blockSize));
            sizesKnown = false;
        }
        if ((flags & ~(VhdxFormat.LEAVE_BLOCKS_ALLOCATED | VhdxFormat.HAS_PARENT)) != 0) {
            items.wrong(
                    VhdxFault.FILE_FLAGS,
                    VhdxFormat.FILE_PARAMETERS,
                    "file flags with reserved bits 0",
                    String.format("0x%08x", flags));
        }
        long size = items.bytes(VhdxFormat.VIRTUAL_DISK_SIZE, "virtual disk size", 8)
                .map(bytes -> bytes.getLong(0))
                .orElse(-1L);
        boolean hasSize = table.find(VhdxFormat.VIRTUAL_DISK_SIZE)
                .filter(item -> item.length() == 8)
                .isPresent();
        if (size <= 0 || size > VhdxFormat.LARGEST_DISK || size % logical.orElse(1) != 0) {
            if (hasSize) {
                items.wrong(
                        VhdxFault.DISK_SIZE,
                        VhdxFormat.VIRTUAL_DISK_SIZE,
                        "a disk size of at most 64 TiB that is a multiple of " + logical.orElse(1),
                        Long.toUnsignedString(size));
            }
            sizesKnown = false;
        }
        Optional<Integer> physical = items.sectorSize(VhdxFormat.PHYSICAL_SECTOR_SIZE, "physical sector size");
        UUID id = items.bytes(VhdxFormat.VIRTUAL_DISK_ID, "virtual disk id", 16)
                .map(bytes -> WindowsGuid.get(bytes, 0))
                .orElse(WindowsGuid.NIL);
        boolean hasParent = (flags & VhdxFormat.HAS_PARENT) != 0;
        if (hasParent && table.find(VhdxFormat.PARENT_LOCATOR).isEmpty()) {
            faults.found(
                    VhdxFault.LOCATOR_MISSING,
                    () -> new CorruptDataException(
                            source.location(),
                            region.offset(),
                            "a parent locator, since this is a differencing disk",
                            "none"));
        }
        if (!sizesKnown) {
            return Optional.empty();
        }
        boolean fixed = (flags & VhdxFormat.LEAVE_BLOCKS_ALLOCATED) != 0 && !hasParent;
        return Optional.of(new DiskParameters(
                size, blockSize, fixed, hasParent, logical.get(), physical.orElse(logical.get()), id));
    }

    private static void checkKnown(ByteSource source, MetadataTable table, Faults faults) throws IOException {
        for (MetadataItem item : table.items()) {
            if (item.is(VhdxFormat.INCOMPLETE_FILE)) {
                faults.found(
                        VhdxFault.FILE_UNFINISHED,
                        () -> new CorruptDataException(
                                source.location(),
                                item.entryOffset(),
                                "a finished file",
                                "the mark of a file whose creation was never finished"));
            } else if (!item.user() && !KNOWN.contains(item.id())) {
                faults.found(
                        item.required() ? VhdxFault.METADATA_UNKNOWN_REQUIRED : VhdxFault.METADATA_UNKNOWN,
                        () -> new UnsupportedImageException(
                                source.location(),
                                item.entryOffset(),
                                "the file has a metadata item " + item.id()
                                        + (item.required()
                                                ? " that must be understood to read it and is unknown"
                                                : " that is not known here and need not be")));
            }
        }
    }

    /** What the flags of the file parameters say, whatever else is wrong; false when there are none. */
    public static boolean hasParent(ByteSource source, MetadataTable table) throws IOException {
        Optional<MetadataItem> item = table.find(VhdxFormat.FILE_PARAMETERS).filter(some -> some.length() == 8);
        return item.isPresent()
                && (StructureReader.read(source, item.get().offset(), 8, "file parameters")
                                        .getInt(4)
                                & VhdxFormat.HAS_PARENT)
                        != 0;
    }

    public BlockGeometry geometry() {
        return new BlockGeometry(size, blockSize, logicalSectorSize, hasParent);
    }

    private record Items(ByteSource source, Region region, MetadataTable table, Faults faults) {
        /** Empty when {@code faults} was told what is wrong with the item. */
        Optional<ByteBuffer> bytes(UUID id, String name, int length) throws IOException {
            Optional<MetadataItem> found = table.find(id);
            if (found.isEmpty()) {
                faults.found(
                        VhdxFault.ITEM_MISSING,
                        () -> new CorruptDataException(
                                source.location(), region.offset(), "a metadata item \"" + name + "\"", "none"));
                return Optional.empty();
            }
            MetadataItem item = found.get();
            if (item.length() != length) {
                faults.found(
                        VhdxFault.ITEM_LENGTH,
                        () -> new CorruptDataException(
                                source.location(),
                                item.entryOffset() + 20,
                                name + " of " + length + " bytes",
                                Integer.toString(item.length())));
                return Optional.empty();
            }
            return Optional.of(StructureReader.read(source, item.offset(), length, name));
        }

        Optional<Integer> sectorSize(UUID id, String name) throws IOException {
            Optional<ByteBuffer> bytes = bytes(id, name, 4);
            int size = bytes.isPresent() ? bytes.get().getInt(0) : 0;
            if (bytes.isPresent() && size != 512 && size != 4096) {
                wrong(VhdxFault.SECTOR_SIZE, id, "a " + name + " of 512 or 4096", Integer.toUnsignedString(size));
                return Optional.empty();
            }
            return bytes.map(some -> size);
        }

        void wrong(VhdxFault fault, UUID id, String expected, String found) throws IOException {
            long offset = table.find(id).map(MetadataItem::offset).orElse(region.offset());
            faults.found(fault, () -> new CorruptDataException(source.location(), offset, expected, found));
        }
    }
}
