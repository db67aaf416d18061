package io.varve.adapters.vhdx.read;

import io.varve.adapters.vhdx.format.VhdxFormat;

/** Which MiB of a file are in use. One bit each, however large the entries claim the file is. Not thread-safe. */
public final class TakenPlaces {
    private final long units;
    private final long[] bits;

    /** @param fileSize in bytes, at most {@link OverlapCheck#LARGEST_FILE} */
    TakenPlaces(long fileSize) {
        this.units = (fileSize + VhdxFormat.MIB - 1) / VhdxFormat.MIB;
        this.bits = new long[Math.toIntExact(units / Long.SIZE + 1)];
    }

    /** Takes {@code [offset, endOffset)}; whether none of it was taken before. What is outside the file is ignored. */
    public boolean take(long offset, long endOffset) {
        boolean free = true;
        long end = endOf(endOffset);
        for (long unit = Math.max(0, offset) / VhdxFormat.MIB; unit < end; unit++) {
            long bit = 1L << unit % Long.SIZE;
            free &= (bits[(int) (unit / Long.SIZE)] & bit) == 0;
            bits[(int) (unit / Long.SIZE)] |= bit;
        }
        return free;
    }

    private long endOf(long endOffset) {
        return Math.min(units, (endOffset - 1) / VhdxFormat.MIB + 1);
    }

    /** Returns the number of MiB that were never taken. */
    public long free() {
        long taken = 0;
        for (long word : bits) {
            taken += Long.bitCount(word);
        }
        return units - taken;
    }
}
