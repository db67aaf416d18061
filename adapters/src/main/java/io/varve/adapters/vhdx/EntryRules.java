package io.varve.adapters.vhdx;

import io.varve.store.CorruptDataException;
import java.util.List;

/**
 * What an entry of the block allocation table must be (MS-VHDX 2.5.1). Immutable.
 *
 * @param fileSize bytes of the file
 * @param occupied what blocks must keep away from
 */
record EntryRules(String location, long fileSize, long tableOffset, BlockGeometry geometry, List<Region> occupied) {
    /**
     * Checks the entry of payload block {@code block}; on return its state, and its offset if it is present, can be
     * used.
     */
    void checkPayload(long block, long entry) throws CorruptDataException {
        if (BatEntry.hasReservedBits(entry)) {
            throw wrong(block, "an entry with reserved bits 0", String.format("0x%016x", entry));
        }
        PayloadState state = PayloadState.of(BatEntry.stateCode(entry));
        boolean partial = state == PayloadState.PARTIALLY_PRESENT;
        if (state == null || partial && !geometry.differencing()) {
            throw wrong(
                    block,
                    geometry.differencing()
                            ? "a state that a differencing disk has (0, 1, 2, 3, 6, 7)"
                            : "a state that a disk without parent has (0, 1, 2, 3, 6)",
                    Integer.toString(BatEntry.stateCode(entry)));
        }
        if (state.hasPlace()) {
            checkPlace(block, BatEntry.offset(entry));
        }
    }

    private void checkPlace(long block, long offset) throws CorruptDataException {
        if (offset < VhdxFormat.ALIGNMENT) {
            throw wrong(block, "a place behind the first MiB of the file", "offset " + Long.toUnsignedString(offset));
        }
        // QEMU writes a last block that is only as long as the disk; whatever the disk needs of it must be there.
        if (geometry.lengthInDisk(block) > fileSize - offset) {
            throw wrong(
                    block,
                    "a block inside the file of " + fileSize + " bytes",
                    "offset " + offset + ": the file was cut off, or the entry is damaged");
        }
        long endOffset = Math.min(offset + geometry.blockSize(), fileSize);
        for (Region region : occupied) {
            if (region.overlaps(offset, endOffset)) {
                throw wrong(block, "a place of its own", "offset " + offset + ", inside " + VhdxLayout.name(region));
            }
        }
    }

    /** Checks the entry of the sector bitmap at {@code index}: a disk without parent has none. */
    void checkBitmap(long index, long entry) throws CorruptDataException {
        int state = BatEntry.stateCode(entry);
        boolean present = geometry.differencing() && state == PayloadState.FULLY_PRESENT.code();
        if (BatEntry.hasReservedBits(entry) || state != 0 && !present) {
            throw wrongBitmap(
                    index,
                    geometry.differencing()
                            ? "a sector bitmap that is there or not (6, 0)"
                            : "no sector bitmap in a disk without parent",
                    String.format("BAT entry 0x%016x", entry));
        }
        if (!present) {
            return;
        }
        long offset = BatEntry.offset(entry);
        if (offset < VhdxFormat.ALIGNMENT || offset > fileSize - VhdxFormat.MIB) {
            throw wrongBitmap(
                    index,
                    "a sector bitmap behind the first MiB and inside the file of " + fileSize + " bytes",
                    "offset " + Long.toUnsignedString(offset));
        }
        for (Region region : occupied) {
            if (region.overlaps(offset, offset + VhdxFormat.MIB)) {
                throw wrongBitmap(
                        index,
                        "a sector bitmap with a place of its own",
                        "offset " + offset + ", inside " + VhdxLayout.name(region));
            }
        }
    }

    /** Fault of the sector bitmap's entry at {@code index}. */
    CorruptDataException wrongBitmap(long index, String expected, String found) {
        return new CorruptDataException(location, tableOffset + index * BatEntry.SIZE, expected, found);
    }

    /** Fault of the entry of {@code block}; names the part of the disk that cannot be read. */
    CorruptDataException wrong(long block, String expected, String found) {
        long from = geometry.virtualOffset(block);
        return new CorruptDataException(
                location,
                tableOffset + geometry.entryIndex(block) * BatEntry.SIZE,
                expected + " for block " + block + " (virtual range [" + from + ", "
                        + (from + geometry.lengthInDisk(block)) + "))",
                found);
    }
}
