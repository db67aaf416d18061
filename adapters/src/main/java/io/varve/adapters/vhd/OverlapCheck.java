package io.varve.adapters.vhd;

import io.varve.adapters.file.UnsupportedImageException;
import io.varve.engine.port.ByteSource;
import java.io.IOException;

/**
 * Finds damaged entries and overlapping blocks before the first byte of the disk is read. With cross-linked blocks a
 * small file could claim to hold terabytes, and one of two overlapping blocks must be lost.
 *
 * <p>All blocks have the same length, so the file is divided into cells of that length. Two blocks that begin in the
 * same cell overlap; otherwise only neighbouring cells need to be checked. Takes four bytes of heap per cell while the
 * file is opened.
 */
final class OverlapCheck {
    /**
     * Most blocks of a disk, and most cells: twice the number that the largest disk has with blocks of 512 KiB, the
     * smallest that Windows uses. The cells take 32 MiB.
     */
    static final int MOST_BLOCKS = 1 << 23;

    /** The range of a 32-bit sector number; no block begins beyond it. */
    private static final long REACH = 1L << 41;

    private final BlockRules rules;
    private final long cellSectors;

    /** For each cell, the sector in it at which a block begins, plus 1; 0 for none. */
    private final int[] cells;

    private OverlapCheck(BlockRules rules, int cellCount) {
        this.rules = rules;
        this.cellSectors = rules.geometry().placeSize() / VhdFormat.SECTOR;
        this.cells = new int[cellCount];
    }

    /**
     * @throws io.varve.store.fault.CorruptDataException for the first entry that is damaged or overlaps another
     * @throws UnsupportedImageException if there are too many blocks to check
     */
    static void run(ByteSource source, BlockRules rules) throws IOException {
        BlockGeometry geometry = rules.geometry();
        long cellCount = Math.min(rules.dataEnd(), REACH) / geometry.placeSize() + 1;
        if (geometry.blockCount() > MOST_BLOCKS || cellCount > MOST_BLOCKS) {
            throw new UnsupportedImageException(source.location() + ": expected a disk and a file of at most "
                    + MOST_BLOCKS + " blocks, found blocks of " + geometry.blockSize() + " bytes, a disk of "
                    + geometry.diskSize() + " and a file of " + source.size());
        }
        OverlapCheck check = new OverlapCheck(rules, (int) cellCount);
        for (long first = 0; first < geometry.blockCount(); first += BlockTable.PAGE_ENTRIES) {
            int[] entries = BlockTable.read(source, rules, first);
            for (int i = 0; i < entries.length; i++) {
                check.take(first + i, entries[i]);
            }
        }
    }

    private void take(long block, int entry) throws IOException {
        long place = rules.place(block, entry);
        if (place == BlockRules.NOWHERE) {
            return;
        }
        long sector = place / VhdFormat.SECTOR;
        int cell = (int) (sector / cellSectors);
        int begin = (int) (sector % cellSectors) + 1;
        boolean taken = cells[cell] != 0
                || cell > 0 && cells[cell - 1] > begin
                || cell + 1 < cells.length && cells[cell + 1] != 0 && cells[cell + 1] < begin;
        if (taken) {
            throw rules.wrong(block, "a place of its own", "offset " + place + ", where another block lies");
        }
        cells[cell] = begin;
    }
}
