package io.varve.adapters.vhdx.format;

import io.varve.engine.port.ByteSource;
import io.varve.engine.port.WindowsGuid;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The table at the beginning of the metadata region (MS-VHDX 2.6.1): 32 bytes of header (signature, reserved, count),
 * then 32 bytes per item. Nothing of it has a checksum, so whatever can be compared is.
 */
public record MetadataTable(List<MetadataItem> items) {
    private static final int COUNT_AT = 10;
    private static final int FIRST_ENTRY = 32;
    private static final int ENTRY_SIZE = 32;
    private static final int FLAGS = VhdxFormat.IS_USER | VhdxFormat.IS_VIRTUAL_DISK | VhdxFormat.IS_REQUIRED;

    public static MetadataTable read(ByteSource source, Region region) throws IOException {
        return read(source, region, Faults.REFUSE);
    }

    /**
     * The table without the entries that {@code faults} was told of.
     *
     * @throws CorruptDataException when it cannot be told from noise
     */
    public static MetadataTable read(ByteSource source, Region region, Faults faults) throws IOException {
        String file = source.location();
        ByteBuffer bytes =
                StructureReader.read(source, region.offset(), VhdxFormat.METADATA_TABLE_SIZE, "metadata table");
        if (bytes.getLong(0) != VhdxFormat.METADATA_SIGNATURE) {
            throw new CorruptDataException(
                    file,
                    region.offset(),
                    "a metadata table, which begins with \"metadata\"",
                    String.format("0x%016x", bytes.getLong(0)));
        }
        int count = Short.toUnsignedInt(bytes.getShort(COUNT_AT));
        if (count > VhdxFormat.MOST_METADATA_ITEMS) {
            throw new CorruptDataException(
                    file,
                    region.offset() + COUNT_AT,
                    "at most " + VhdxFormat.MOST_METADATA_ITEMS + " metadata items",
                    Integer.toString(count));
        }
        if (bytes.getShort(8) != 0 || bytes.slice(12, 20).mismatch(ByteBuffer.allocate(20)) >= 0) {
            faults.found(
                    VhdxFault.METADATA_RESERVED,
                    () -> new CorruptDataException(file, region.offset() + 8, "reserved bytes 0", "others"));
        }
        List<MetadataItem> items = new ArrayList<>(count);
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < count; i++) {
            MetadataItem item = entry(file, region, bytes, FIRST_ENTRY + i * ENTRY_SIZE, faults);
            if (item == null) {
                continue;
            }
            if (ids.add(item.user() + " " + item.id())) {
                items.add(item);
            } else {
                faults.found(
                        VhdxFault.METADATA_TWICE,
                        () -> new CorruptDataException(
                                file, item.entryOffset(), "each metadata item once", item.name() + " again"));
            }
        }
        checkOverlaps(file, items, faults);
        return new MetadataTable(List.copyOf(items));
    }

    /** Null when nothing can be made of it. */
    private static MetadataItem entry(String file, Region region, ByteBuffer bytes, int at, Faults faults)
            throws IOException {
        long entryOffset = region.offset() + at;
        UUID id = WindowsGuid.get(bytes, at);
        long offset = Integer.toUnsignedLong(bytes.getInt(at + 16));
        long length = Integer.toUnsignedLong(bytes.getInt(at + 20));
        int flags = bytes.getInt(at + 24);
        if (id.equals(WindowsGuid.NIL)) {
            faults.found(
                    VhdxFault.METADATA_ID,
                    () -> new CorruptDataException(file, entryOffset, "the id of a metadata item", "the nil GUID"));
            return null;
        }
        if ((flags & ~FLAGS) != 0 || bytes.getInt(at + 28) != 0) {
            faults.found(
                    VhdxFault.METADATA_FLAGS,
                    () -> new CorruptDataException(
                            file,
                            entryOffset + 24,
                            "metadata flags with reserved bits 0",
                            String.format("0x%08x, 0x%08x", flags, bytes.getInt(at + 28))));
        }
        boolean inside = length == 0 || offset >= VhdxFormat.METADATA_TABLE_SIZE && length <= region.length() - offset;
        if (!inside || length > VhdxFormat.LONGEST_ITEM) {
            faults.found(
                    VhdxFault.METADATA_PLACE,
                    () -> new CorruptDataException(
                            file,
                            entryOffset + 16,
                            "a metadata item of at most 1 MiB between the table and the end of the region of "
                                    + region.length() + " bytes",
                            "offset " + offset + ", length " + length));
            return null;
        }
        return new MetadataItem(
                id,
                region.offset() + offset,
                (int) length,
                (flags & VhdxFormat.IS_USER) != 0,
                (flags & VhdxFormat.IS_VIRTUAL_DISK) != 0,
                (flags & VhdxFormat.IS_REQUIRED) != 0,
                entryOffset);
    }

    private static void checkOverlaps(String file, List<MetadataItem> items, Faults faults) throws IOException {
        List<MetadataItem> sorted = new ArrayList<>(items);
        sorted.removeIf(item -> item.length() == 0);
        sorted.sort(Comparator.comparingLong(MetadataItem::offset));
        for (int i = 1; i < sorted.size(); i++) {
            MetadataItem before = sorted.get(i - 1);
            MetadataItem item = sorted.get(i);
            if (item.offset() < before.offset() + before.length()) {
                faults.found(
                        VhdxFault.METADATA_OVERLAP,
                        () -> new CorruptDataException(
                                file,
                                item.entryOffset(),
                                "metadata items apart from each other",
                                item.name() + " inside " + before.name()));
            }
        }
    }

    /** The item of the format itself with this id. */
    public Optional<MetadataItem> find(UUID systemId) {
        return items.stream().filter(item -> item.is(systemId)).findFirst();
    }
}
