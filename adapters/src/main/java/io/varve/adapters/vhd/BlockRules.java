package io.varve.adapters.vhd;

import io.varve.store.fault.CorruptDataException;

/**
 * Where blocks may be: inside the file, and in no structure's place. Immutable.
 *
 * @param dataEnd where the file's last block must have ended
 */
record BlockRules(String location, long dataEnd, DynamicHeader header, BlockGeometry geometry) {
    /** The place of an absent block. */
    static final long NOWHERE = VhdFormat.NOWHERE;

    /**
     * Where in the file {@code block} with this BAT entry begins, with its sector bitmap; {@link #NOWHERE} if it is not
     * in the file. The place can be used.
     */
    long place(long block, int entry) throws CorruptDataException {
        if (entry == VhdFormat.ABSENT) {
            return NOWHERE;
        }
        long place = Integer.toUnsignedLong(entry) * VhdFormat.SECTOR;
        // Whatever the disk needs of its last block must be there; the rest of it may be missing.
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

    /** Fault of the entry of {@code block}; names the part of the disk that cannot be read. */
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
