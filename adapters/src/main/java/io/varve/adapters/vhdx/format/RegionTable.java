package io.varve.adapters.vhdx.format;

import io.varve.engine.port.ByteSource;
import io.varve.engine.port.WindowsGuid;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * The region table (MS-VHDX 2.2.3): 16 bytes of header (signature, checksum, count, reserved), then 32 bytes per
 * region. It is kept twice; the second copy counts when the first is damaged.
 *
 * @param offset where in the file this copy lies
 */
public record RegionTable(long offset, List<Region> regions) {
    private static final int CHECKSUM_AT = 4;
    private static final int COUNT_AT = 8;
    private static final int RESERVED_AT = 12;
    private static final int FIRST_ENTRY = 16;
    private static final int ENTRY_SIZE = 32;

    /** The first copy if it is sound, else the second. */
    public static RegionTable read(ByteSource source) throws IOException {
        Copy<RegionTable> first = readCopy(source, VhdxFormat.REGION_TABLE_1_OFFSET);
        if (first.isSound()) {
            return first.value();
        }
        Copy<RegionTable> second = readCopy(source, VhdxFormat.REGION_TABLE_2_OFFSET);
        if (second.isSound()) {
            return second.value();
        }
        throw new CorruptDataException(
                source.location(),
                VhdxFormat.REGION_TABLE_1_OFFSET,
                "at least one sound region table",
                "none (first: " + first.damage().getMessage() + "; second: "
                        + second.damage().getMessage() + ")");
    }

    public static Copy<RegionTable> readCopy(ByteSource source, long offset) throws IOException {
        return Copy.of(() -> decode(source, offset, Faults.REFUSE));
    }

    /**
     * The copy at {@code offset}, without the entries that {@code faults} was told of.
     *
     * @throws CorruptDataException when it cannot be told from noise
     */
    public static RegionTable decode(ByteSource source, long offset, Faults faults) throws IOException {
        ByteBuffer bytes = StructureReader.read(source, offset, VhdxFormat.REGION_TABLE_SIZE, "region table");
        if (bytes.getInt(0) != VhdxFormat.REGION_SIGNATURE) {
            throw new CorruptDataException(
                    source.location(),
                    offset,
                    "a region table, which begins with \"regi\"",
                    String.format("0x%08x", bytes.getInt(0)));
        }
        int checksum = Checksum.of(bytes, CHECKSUM_AT);
        if (bytes.getInt(CHECKSUM_AT) != checksum) {
            throw new CorruptDataException(
                    source.location(),
                    offset + CHECKSUM_AT,
                    String.format("region table checksum %08x", checksum),
                    String.format("%08x", bytes.getInt(CHECKSUM_AT)));
        }
        int count = bytes.getInt(COUNT_AT);
        if (Integer.compareUnsigned(count, VhdxFormat.MOST_REGIONS) > 0) {
            throw new CorruptDataException(
                    source.location(),
                    offset + COUNT_AT,
                    "at most " + VhdxFormat.MOST_REGIONS + " regions",
                    Integer.toUnsignedString(count));
        }
        if (bytes.getInt(RESERVED_AT) != 0) {
            faults.found(
                    VhdxFault.REGION_RESERVED,
                    () -> new CorruptDataException(
                            source.location(), offset + RESERVED_AT, "reserved bytes 0", "others"));
        }
        List<Region> regions = new ArrayList<>(count);
        Set<UUID> ids = new HashSet<>();
        for (int i = 0; i < count; i++) {
            int at = FIRST_ENTRY + i * ENTRY_SIZE;
            UUID id = WindowsGuid.get(bytes, at);
            if (!ids.add(id)) {
                faults.found(
                        VhdxFault.REGION_TWICE,
                        () -> new CorruptDataException(
                                source.location(), offset + at, "each region once", id + " again"));
                continue;
            }
            Region region = entry(source, bytes, at, offset + at, faults);
            if (region != null) {
                regions.add(region);
            }
        }
        return new RegionTable(offset, List.copyOf(regions));
    }

    /** Null when its place is no place of a region. */
    private static Region entry(ByteSource source, ByteBuffer bytes, int at, long entryOffset, Faults faults)
            throws IOException {
        UUID id = WindowsGuid.get(bytes, at);
        long offset = bytes.getLong(at + 16);
        long length = Integer.toUnsignedLong(bytes.getInt(at + 24));
        boolean aligned = offset >= VhdxFormat.ALIGNMENT
                && offset % VhdxFormat.ALIGNMENT == 0
                && length > 0
                && length % VhdxFormat.ALIGNMENT == 0;
        if (!aligned || length > source.size() - offset) {
            faults.found(
                    VhdxFault.REGION_PLACE,
                    () -> new CorruptDataException(
                            source.location(),
                            entryOffset + 16,
                            "a region " + id + " in whole MiB behind the first, inside the file of " + source.size()
                                    + " bytes",
                            "offset " + Long.toUnsignedString(offset) + ", length " + length));
            return null;
        }
        int flags = bytes.getInt(at + 28);
        if ((flags & ~1) != 0) {
            faults.found(
                    VhdxFault.REGION_RESERVED,
                    () -> new CorruptDataException(
                            source.location(),
                            entryOffset + 28,
                            "region flags with reserved bits 0",
                            String.format("0x%08x", flags)));
        }
        return new Region(id, offset, length, (flags & 1) != 0, entryOffset);
    }

    /** Whether the other copy names the same regions in the same places. */
    public boolean hasSameRegions(RegionTable other) {
        boolean same = regions.size() == other.regions.size();
        for (int i = 0; same && i < regions.size(); i++) {
            Region region = regions.get(i);
            Region copy = other.regions.get(i);
            same = region.id().equals(copy.id())
                    && region.offset() == copy.offset()
                    && region.length() == copy.length();
        }
        return same;
    }
}
