package io.varve.store.map;

import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.Count;

/**
 * The form of a block map, fixed by disk size and block size alone: how many levels of pages, which blocks a page
 * covers, how long each block is.
 *
 * <p>Level 0 pages are leaves: their entries are blocks. An entry of a page at level n is a page at level n - 1. The
 * root is the one page of the highest level. Page {@code index} of level n covers blocks [index × 256ⁿ⁺¹, (index + 1) ×
 * 256ⁿ⁺¹).
 *
 * @param blockCount blocks of the disk
 * @param blockSize bytes of every block but the last
 * @param lastBlockLength bytes of the last one
 */
public record MapShape(long blockCount, int blockSize, int lastBlockLength) {
    /** Entries of a page. */
    public static final int FAN_OUT = 256;

    static final int FAN_OUT_BITS = 8;

    /** Of blocks of one byte, where their length does not matter. */
    MapShape(long blockCount) {
        this(blockCount, 1, 1);
    }

    public static MapShape of(long diskSize, int blockSize) {
        int rest = (int) (diskSize % blockSize);
        return new MapShape(diskSize / blockSize + (rest == 0 ? 0 : 1), blockSize, rest == 0 ? blockSize : rest);
    }

    /** Levels of pages, at least 1. */
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

    /** Blocks below one page of {@code level}. */
    public static long blocksBelow(int level) {
        return 1L << (FAN_OUT_BITS * (level + 1));
    }

    /** Bytes of block {@code block}: what its chunk must have. */
    public int blockLength(long block) {
        return block == blockCount - 1 ? lastBlockLength : blockSize;
    }

    /**
     * Whether this page is the one of its level that the disk ends in. What it may hold depends on this disk's size,
     * that of every other page on nothing.
     */
    public boolean endsIn(int level, long index) {
        return level >= rootLevel() || index >= Math.max(0, blockCount - 1) >>> FAN_OUT_BITS * (level + 1);
    }

    /**
     * The rule that every reader of maps follows: behind the disk's end there is nothing.
     *
     * @param index of {@code page} in its level
     * @throws CorruptDataException when it names something there
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
