package io.varve.adapters.vhdx.read;

import io.varve.adapters.vhdx.format.BatEntry;
import io.varve.adapters.vhdx.format.BlockGeometry;
import io.varve.adapters.vhdx.format.Faults;
import io.varve.adapters.vhdx.format.PayloadState;
import io.varve.adapters.vhdx.format.Region;
import io.varve.adapters.vhdx.format.VhdxFault;
import io.varve.adapters.vhdx.format.VhdxFormat;
import io.varve.engine.range.Range;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/**
 * Rules for the entries of the block allocation table (MS-VHDX 2.5.1). Immutable.
 *
 * @param fileSize bytes of the file
 * @param occupied regions that blocks must not overlap
 */
public record EntryRules(
        String location, long fileSize, long tableOffset, BlockGeometry geometry, List<Region> occupied) {
    /** Returns the fault of a table that is too short for the disk that the metadata describes. */
    public static CorruptDataException tooShort(String location, Region bat, BlockGeometry geometry) {
        return new CorruptDataException(
                location,
                bat.entryOffset(),
                "a BAT of at least " + geometry.tableSize() + " bytes for a disk of " + geometry.diskSize(),
                bat.length() + " bytes");
    }

    /**
     * Checks the entry of payload block {@code block}. After this returns, its state can be used, and if the block is
     * present, its offset.
     */
    void checkPayload(long block, long entry) throws IOException {
        checkPayload(block, entry, Faults.REFUSE);
    }

    /** As above; reports a fault to {@code faults} and returns false if the entry cannot be used. */
    boolean checkPayload(long block, long entry, Faults faults) throws IOException {
        boolean sound = true;
        if (BatEntry.hasReservedBits(entry)) {
            wrong(
                    faults,
                    VhdxFault.BAT_RESERVED,
                    block,
                    "an entry with reserved bits 0",
                    () -> String.format("0x%016x", entry));
            sound = false;
        }
        PayloadState state = PayloadState.of(BatEntry.stateCode(entry));
        boolean partial = state == PayloadState.PARTIALLY_PRESENT;
        if (state == null || partial && !geometry.differencing()) {
            wrong(
                    faults,
                    VhdxFault.BAT_STATE,
                    block,
                    geometry.differencing()
                            ? "a state that a differencing disk has (0, 1, 2, 3, 6, 7)"
                            : "a state that a disk without parent has (0, 1, 2, 3, 6)",
                    () -> Integer.toString(BatEntry.stateCode(entry)));
            return false;
        }
        return (!state.hasPlace() || checkPlace(block, BatEntry.offset(entry), faults)) && sound;
    }

    private boolean checkPlace(long block, long offset, Faults faults) throws IOException {
        if (offset < VhdxFormat.ALIGNMENT) {
            wrong(
                    faults,
                    VhdxFault.BAT_PLACE,
                    block,
                    "a place behind the first MiB of the file",
                    () -> "offset " + Long.toUnsignedString(offset));
            return false;
        }
        // QEMU writes a last block that ends with the disk. The part within the disk must be there.
        if (geometry.lengthInDisk(block) > fileSize - offset) {
            wrong(
                    faults,
                    VhdxFault.BAT_BEYOND_FILE,
                    block,
                    "a block inside the file of " + fileSize + " bytes",
                    () -> "offset " + offset + ": the file was cut off, or the entry is damaged");
            return false;
        }
        Region region = regionAt(offset, Math.min(offset + geometry.blockSize(), fileSize));
        if (region != null) {
            wrong(
                    faults,
                    VhdxFault.BAT_IN_REGION,
                    block,
                    "a place of its own",
                    () -> "offset " + offset + ", inside " + VhdxLayout.name(region));
        }
        return region == null;
    }

    /** Returns a region, or the log, that has bytes in {@code [offset, endOffset)}; null if there is none. */
    public Region regionAt(long offset, long endOffset) {
        for (Region region : occupied) {
            if (region.overlaps(offset, endOffset)) {
                return region;
            }
        }
        return null;
    }

    /** Checks the entry of the sector bitmap at {@code index}. A disk without a parent has no bitmaps. */
    void checkBitmap(long index, long entry) throws IOException {
        checkBitmap(index, entry, Faults.REFUSE);
    }

    /**
     * Whether there is a sector bitmap and it can be used. If it cannot be used, {@code faults} receives the reason.
     */
    boolean checkBitmap(long index, long entry, Faults faults) throws IOException {
        int state = BatEntry.stateCode(entry);
        boolean present = geometry.differencing() && state == PayloadState.FULLY_PRESENT.code();
        if (BatEntry.hasReservedBits(entry) || state != 0 && !present) {
            faults.found(
                    VhdxFault.BITMAP_ENTRY,
                    chunk(index),
                    () -> wrongBitmap(
                            index,
                            geometry.differencing()
                                    ? "a sector bitmap that is there or not (6, 0)"
                                    : "no sector bitmap in a disk without parent",
                            String.format("BAT entry 0x%016x", entry)));
            return false;
        }
        if (!present) {
            return false;
        }
        long offset = BatEntry.offset(entry);
        if (offset < VhdxFormat.ALIGNMENT || offset > fileSize - VhdxFormat.MIB) {
            faults.found(
                    VhdxFault.BITMAP_PLACE,
                    chunk(index),
                    () -> wrongBitmap(
                            index,
                            "a sector bitmap behind the first MiB and inside the file of " + fileSize + " bytes",
                            "offset " + Long.toUnsignedString(offset)));
            return false;
        }
        Region region = regionAt(offset, offset + VhdxFormat.MIB);
        if (region != null) {
            faults.found(
                    VhdxFault.BITMAP_PLACE,
                    chunk(index),
                    () -> wrongBitmap(
                            index,
                            "a sector bitmap with a place of its own",
                            "offset " + offset + ", inside " + VhdxLayout.name(region)));
        }
        return region == null;
    }

    /** Returns the part of the disk that the sector bitmap at {@code index} describes; null if it is beyond the end. */
    private Range chunk(long index) {
        long first = geometry.blockOf(index - geometry.chunkRatio());
        long from = geometry.virtualOffset(first);
        long end = Math.min(geometry.diskSize(), geometry.virtualOffset(first + geometry.chunkRatio()));
        return from < end ? Range.between(from, end) : null;
    }

    /** Returns the part of the disk that is in {@code block}. */
    public Range range(long block) {
        return new Range(geometry.virtualOffset(block), geometry.lengthInDisk(block));
    }

    /** Returns the fault of the entry of the sector bitmap at {@code index}. */
    CorruptDataException wrongBitmap(long index, String expected, String found) {
        return new CorruptDataException(location, tableOffset + index * BatEntry.SIZE, expected, found);
    }

    private void wrong(Faults faults, VhdxFault fault, long block, String expected, Supplier<String> found)
            throws IOException {
        faults.found(fault, range(block), () -> wrong(block, expected, found.get()));
    }

    /** Returns the fault of the entry of {@code block}. It names the part of the disk that cannot be read. */
    public CorruptDataException wrong(long block, String expected, String found) {
        Range range = range(block);
        return new CorruptDataException(
                location,
                tableOffset + geometry.entryIndex(block) * BatEntry.SIZE,
                expected + " for block " + block + " (virtual range " + range + ")",
                found);
    }
}
