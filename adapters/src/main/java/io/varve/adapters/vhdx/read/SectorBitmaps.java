package io.varve.adapters.vhdx.read;

import io.varve.adapters.chain.PageCache;
import io.varve.adapters.vhdx.format.BlockGeometry;
import io.varve.adapters.vhdx.format.StructureReader;
import io.varve.adapters.vhdx.format.VhdxFormat;
import io.varve.engine.port.ByteSource;
import java.io.IOException;

/**
 * The sector bitmaps of a differencing disk (MS-VHDX 2.4): 1 MiB per chunk, one bit per logical sector; the lowest bit
 * of the first byte is the chunk's first sector. A set bit means that the sector is in this file. Bits of blocks that
 * are not partially present have no meaning and must not be asked for.
 *
 * <p>Pages of 4 KiB are read when needed, and a fixed number of them is kept. Thread-safe.
 */
public final class SectorBitmaps {
    private static final int PAGE = 4 * VhdxFormat.KIB;

    private final BlockTable table;
    private final PageCache<long[]> pages;

    SectorBitmaps(ByteSource source, BlockTable table, int slotCount) {
        this.table = table;
        this.pages = new PageCache<>(slotCount, number -> load(source, number));
    }

    /**
     * Consecutive sectors with the same bit.
     *
     * @param endOffset first byte after them, on the disk
     */
    record Stretch(boolean present, long endOffset) {}

    /**
     * Returns the longest stretch that begins at {@code virtualOffset} and ends at or before {@code endOffset}. Both
     * must be within {@code block}, which must be partially present.
     */
    Stretch stretch(long block, long virtualOffset, long endOffset) throws IOException {
        int sectorSize = table.geometry().logicalSectorSize();
        long bitmap = table.bitmapOffset(block);
        long sector = virtualOffset / sectorSize;
        long end = (endOffset + sectorSize - 1) / sectorSize;
        long chunk = sector / BlockGeometry.SECTORS_PER_BITMAP * BlockGeometry.SECTORS_PER_BITMAP;
        boolean present = (word(bitmap, sector - chunk) >>> sector & 1) != 0;
        while (sector < end) {
            // In this word, sectors that differ from the first one have set bits.
            long word = word(bitmap, sector - chunk) ^ (present ? -1L : 0);
            int left = (int) (Long.SIZE - sector % Long.SIZE);
            int same = Math.min(left, Long.numberOfTrailingZeros(word >>> sector % Long.SIZE));
            sector += same;
            if (same < left) {
                break;
            }
        }
        return new Stretch(present, Math.min(endOffset, sector * sectorSize));
    }

    /** Returns the 64 bits that include bit {@code bit} of the bitmap at {@code bitmap}. */
    private long word(long bitmap, long bit) throws IOException {
        long[] words = pages.page(bitmap / PAGE + bit / (PAGE * Byte.SIZE));
        return words[(int) (bit / Long.SIZE % words.length)];
    }

    private static long[] load(ByteSource source, long number) throws IOException {
        long[] words = new long[PAGE / Long.BYTES];
        StructureReader.read(source, number * PAGE, PAGE, "part of a sector bitmap")
                .asLongBuffer()
                .get(words);
        return words;
    }
}
