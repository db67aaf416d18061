package io.varve.adapters.vhd;

import io.varve.adapters.chain.PageCache;
import io.varve.adapters.file.FileStructure;
import io.varve.engine.port.ByteSource;
import java.io.IOException;

/**
 * The sector bitmaps of a differencing disk (VHD 1.0, "Differencing Hard Disk Images"): one before the data of every
 * block. The <em>highest</em> bit of its first byte is for the first sector of the block. A set bit means that the
 * sector is in this file, a clear one that it is in the parent.
 *
 * <p>Read sector by sector on demand and cached in a given number of slots. Thread-safe.
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

    /** Returns the first bit after {@code bit} that differs from it, at most {@code end}. */
    long nextChange(long bitmap, long bit, long end) throws IOException {
        boolean set = isSet(bitmap, bit);
        long at = bit;
        while (at < end) {
            // Bits that differ from the first one are set in this word.
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

    /** Returns the 64 bits of the bitmap at offset {@code bitmap} that include bit {@code bit}. */
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
