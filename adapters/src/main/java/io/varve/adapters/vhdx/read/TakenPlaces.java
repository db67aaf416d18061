package io.varve.adapters.vhdx.read;

import io.varve.adapters.vhdx.format.VhdxFormat;

/** Which MiB of a file are in use: one bit each, whatever the file claims. For one thread. */
public final class TakenPlaces {
    private final long units;
    private final long[] bits;

    /** @param fileSize bytes, at most {@link OverlapCheck#LARGEST_FILE} */
    TakenPlaces(long fileSize) {
        this.units = (fileSize + VhdxFormat.MIB - 1) / VhdxFormat.MIB;
        this.bits = new long[Math.toIntExact(units / Long.SIZE + 1)];
    }

    /** Whether nothing of {@code [offset, endOffset)} was taken until now; what lies outside the file is left out. */
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

    /** How many MiB were never taken. */
    public long free() {
        long taken = 0;
        for (long word : bits) {
            taken += Long.bitCount(word);
        }
        return units - taken;
    }
}
