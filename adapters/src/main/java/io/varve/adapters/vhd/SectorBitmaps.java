package io.varve.adapters.vhd;

import io.varve.adapters.chain.PageCache;
import io.varve.adapters.file.FileStructure;
import io.varve.engine.port.ByteSource;
import java.io.IOException;

/**
 * The sector bitmaps of a differencing disk (VHD 1.0, "Differencing Hard Disk Images"): one before the data of every
 * block, the <em>highest</em> bit of its first byte for the block's first sector. A set bit means that the sector lies
 * in this file, a clear one that the parent has it.
 *
 * <p>Read sector by sector as needed; as many as there are slots are kept. Threads may ask at once.
 */
final class SectorBitmaps {
    private static final int PAGE = VhdFormat.SECTOR;

    private final PageCache<long[]> pages;

    SectorBitmaps(ByteSource source, int slotCount) {
        this.pages = new PageCache<>(slotCount, number -> load(source, number));
    }

    boolean isSet(long bitmap, long bit) throws IOException {
        return word(bitmap, bit) << bit < 0;
    }

    /** The first bit from {@code bit} on that is not as it is, at most {@code end}. */
    long nextChange(long bitmap, long bit, long end) throws IOException {
        boolean set = isSet(bitmap, bit);
        long at = bit;
        while (at < end) {
            // Bits that differ from the first one are set here.
            long word = word(bitmap, at) ^ (set ? -1L : 0);
            int left = (int) (Long.SIZE - at % Long.SIZE);
            int same = Math.min(left, Long.numberOfLeadingZeros(word << at));
            at += same;
            if (same < left) {
                break;
            }
        }
        return Math.min(at, end);
    }

    /** The 64 bits of the bitmap at {@code bitmap}, a whole sector, that bit {@code bit} is among. */
    private long word(long bitmap, long bit) throws IOException {
        long[] words = pages.page(bitmap / PAGE + bit / (PAGE * Byte.SIZE));
        return words[(int) (bit / Long.SIZE % words.length)];
    }

    private static long[] load(ByteSource source, long number) throws IOException {
        long[] words = new long[PAGE / Long.BYTES];
        FileStructure.read(source, number * PAGE, PAGE, "part of a sector bitmap")
                .asLongBuffer()
                .get(words);
        return words;
    }
}
