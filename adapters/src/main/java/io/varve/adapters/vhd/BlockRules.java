package io.varve.adapters.vhd;

import io.varve.store.fault.CorruptDataException;

/**
 * Where blocks may be: inside the file, and not overlapping any structure. Immutable.
 *
 * @param dataEnd offset at which the last block must end
 */
record BlockRules(String location, long dataEnd, DynamicHeader header, BlockGeometry geometry) {
    /** Stands for the offset of an absent block. */
    static final long NOWHERE = VhdFormat.NOWHERE;

    /**
     * Returns the checked offset in the file at which {@code block} with this BAT entry begins, including its sector
     * bitmap; {@link #NOWHERE} if the block is not in the file.
     */
    long place(long block, int entry) throws CorruptDataException {
        if (entry == VhdFormat.ABSENT) {
            return NOWHERE;
        }
        long place = Integer.toUnsignedLong(entry) * VhdFormat.SECTOR;
        // The part of the last block that the disk needs must exist; the rest may be missing.
        if (geometry.bitmapSize() + geometry.lengthInDisk(block) > dataEnd - place) {
            throw wrong(
                    block,
                    "a block inside the file, before " + dataEnd,
                    "offset " + place + ": the file was cut off, or the entry is damaged");
        }
        long end = Math.min(place + geometry.placeSize(), dataEnd);
        if (place < VhdFormat.FOOTER_SIZE) {
            throw wrong(block, "a place of its own", "offset " + place + ", inside the copy of the footer");
        } else if (place < header.offset() + VhdFormat.HEADER_SIZE && header.offset() < end) {
            throw wrong(block, "a place of its own", "offset " + place + ", inside the header");
        } else if (place < header.tableEnd() && header.tableOffset() < end) {
            throw wrong(block, "a place of its own", "offset " + place + ", inside the BAT");
        }
        return place;
    }

    /** Returns the exception for the entry of {@code block}, which names the part of the disk that cannot be read. */
    CorruptDataException wrong(long block, String expected, String found) {
        long from = geometry.virtualOffset(block);
        return new CorruptDataException(
                location,
                header.tableOffset() + block * VhdFormat.ENTRY_SIZE,
                expected + " for block " + block + " (virtual range [" + from + ", "
                        + (from + geometry.lengthInDisk(block)) + "))",
                found);
    }
}
