package io.varve.store.map;

import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.Count;

/**
 * The shape of a block map: how many levels of pages there are, which blocks a page covers, how long each block is. It
 * follows from disk size and block size alone.
 *
 * <p>Pages of level 0 are leaves: their entries are ids of blocks. The entries of a page of level n are ids of pages of
 * level n - 1. The root is the only page of the highest level. Page {@code index} of level n covers blocks [index ×
 * 256ⁿ⁺¹, (index + 1) × 256ⁿ⁺¹).
 *
 * @param blockCount number of blocks of the disk
 * @param blockSize length in bytes of every block but the last
 * @param lastBlockLength length in bytes of the last block
 */
public record MapShape(long blockCount, int blockSize, int lastBlockLength) {
    /** Number of entries of a page. */
    public static final int FAN_OUT = 256;

    static final int FAN_OUT_BITS = 8;

    /** A shape with blocks of one byte, for uses where the length does not matter. */
    MapShape(long blockCount) {
        this(blockCount, 1, 1);
    }

    public static MapShape of(long diskSize, int blockSize) {
        int rest = (int) (diskSize % blockSize);
        return new MapShape(diskSize / blockSize + (rest == 0 ? 0 : 1), blockSize, rest == 0 ? blockSize : rest);
    }

    /** Returns the number of levels of pages, at least 1. */
    public int levels() {
        int levels = 1;
        for (long pages = leafCount(); pages > 1; pages = (pages + FAN_OUT - 1) / FAN_OUT) {
            levels++;
        }
        return levels;
    }

    public int rootLevel() {
        return levels() - 1;
    }

    public long leafCount() {
        return (blockCount + FAN_OUT - 1) / FAN_OUT;
    }

    /** Returns the number of blocks below one page of {@code level}. */
    public static long blocksBelow(int level) {
        return 1L << (FAN_OUT_BITS * (level + 1));
    }

    /** Returns the length of block {@code block} in bytes, which its chunk must have. */
    public int blockLength(long block) {
        return block == blockCount - 1 ? lastBlockLength : blockSize;
    }

    /** Whether the disk ends in this page. Only in such a page does the disk's size decide which entries are valid. */
    public boolean endsIn(int level, long index) {
        return level >= rootLevel() || index >= Math.max(0, blockCount - 1) >>> FAN_OUT_BITS * (level + 1);
    }

    /**
     * Checks the rule that every reader of maps relies on: past the end of the disk all entries are {@code ZERO}.
     *
     * @param index position of {@code page} in its level
     * @throws CorruptDataException if an entry past the end is not {@code ZERO}
     */
    public void check(MapPage page, long index, String name) throws CorruptDataException {
        int level = page.level();
        if (!endsIn(level, index)) {
            return;
        }
        long perEntry = level == 0 ? 1 : blocksBelow(level - 1);
        long used = (blockCount + perEntry - 1) / perEntry - index * FAN_OUT;
        int first = (int) Math.max(0, Math.min(FAN_OUT, used));
        int entry = page.firstFrom(first);
        if (entry < FAN_OUT) {
            throw new CorruptDataException(
                    name,
                    16 + (long) entry * io.varve.store.chunk.ChunkId.SIZE,
                    "nothing after the end of a disk of " + Count.of(blockCount, "block"),
                    "an entry for block " + (index * FAN_OUT + entry) * perEntry);
        }
    }
}
