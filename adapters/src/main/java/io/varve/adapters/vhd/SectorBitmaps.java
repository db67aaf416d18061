package io.varve.adapters.vhd;

import io.varve.adapters.file.FileStructure;
import io.varve.engine.port.ByteSource;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The sector bitmaps of a differencing disk (VHD 1.0, "Differencing Hard Disk Images"): one before the data of every
 * block, the <em>highest</em> bit of its first byte for the block's first sector. A set bit means that the sector lies
 * in this file, a clear one that the parent has it.
 *
 * <p>Read sector by sector as needed; as many as there are slots are kept, as {@link BlockTable} does. Threads may ask
 * at once.
 */
final class SectorBitmaps {
    private static final int PAGE = VhdFormat.SECTOR;

    private final ByteSource source;
    private final AtomicReferenceArray<Page> slots;

    SectorBitmaps(ByteSource source, int slotCount) {
        this.source = source;
        this.slots = new AtomicReferenceArray<>(slotCount);
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
        long number = bitmap / PAGE + bit / (PAGE * Byte.SIZE);
        int slot = (int) (number % slots.length());
        Page page = slots.get(slot);
        if (page == null || page.number != number) {
            long[] words = new long[PAGE / Long.BYTES];
            FileStructure.read(source, number * PAGE, PAGE, "part of a sector bitmap")
                    .asLongBuffer()
                    .get(words);
            page = new Page(number, words);
            slots.set(slot, page);
        }
        return page.words[(int) (bit / Long.SIZE % page.words.length)];
    }

    /** Immutable once it is in its slot. */
    private static final class Page {
        final long number;
        final long[] words;

        Page(long number, long[] words) {
            this.number = number;
            this.words = words;
        }
    }
}
