package io.varve.adapters.vhdx.read;

import io.varve.adapters.chain.PageCache;
import io.varve.adapters.vhdx.format.BlockGeometry;
import io.varve.adapters.vhdx.format.StructureReader;
import io.varve.adapters.vhdx.format.VhdxFormat;
import io.varve.engine.port.ByteSource;
import java.io.IOException;

/**
 * The sector bitmaps of a differencing disk (MS-VHDX 2.4): 1 MiB per chunk, one bit per logical sector, the lowest bit
 * of the first byte for the chunk's first sector. A set bit means that the sector lies in this file. Bits of blocks
 * that are not partially present mean nothing and must not be asked for.
 *
 * <p>Read page by page as needed; pages of 4 KiB are kept in a given number of slots. Threads may ask at once.
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
     * Sectors next to each other with the same bit.
     *
     * @param endOffset first byte behind them, in the disk
     */
    record Stretch(boolean present, long endOffset) {}

    /**
     * The longest stretch from {@code virtualOffset} to {@code endOffset} or before, both inside the partially present
     * {@code block}.
     */
    Stretch stretch(long block, long virtualOffset, long endOffset) throws IOException {
        int sectorSize = table.geometry().logicalSectorSize();
        long bitmap = table.bitmapOffset(block);
        long sector = virtualOffset / sectorSize;
        long end = (endOffset + sectorSize - 1) / sectorSize;
        long chunk = sector / BlockGeometry.SECTORS_PER_BITMAP * BlockGeometry.SECTORS_PER_BITMAP;
        boolean present = (word(bitmap, sector - chunk) >>> sector & 1) != 0;
        while (sector < end) {
            // Sectors that differ from the first one are set bits here.
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

    /** The 64 bits of the bitmap at {@code bitmap} that bit {@code bit} is among. */
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
