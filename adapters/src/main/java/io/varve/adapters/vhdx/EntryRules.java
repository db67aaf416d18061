package io.varve.adapters.vhdx;

import io.varve.store.CorruptDataException;
import java.util.List;

/**
 * What an entry of the block allocation table of a disk without a parent must be (MS-VHDX 2.5.1). Immutable.
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
        if (state == null) {
            throw wrong(
                    block,
                    "a state that a disk without parent has (0, 1, 2, 3, 6)",
                    Integer.toString(BatEntry.stateCode(entry)));
        }
        if (state == PayloadState.FULLY_PRESENT) {
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
        if (BatEntry.hasReservedBits(entry) || BatEntry.stateCode(entry) != 0) {
            throw new CorruptDataException(
                    location,
                    tableOffset + index * BatEntry.SIZE,
                    "no sector bitmap in a disk without parent",
                    String.format("BAT entry 0x%016x", entry));
        }
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
