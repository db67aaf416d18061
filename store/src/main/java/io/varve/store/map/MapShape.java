package io.varve.store.map;

/**
 * The form of a block map, fixed by disk size and block size alone: how many levels of pages, which blocks a page
 * covers.
 *
 * <p>Level 0 pages are leaves: their entries are blocks. An entry of a page at level n is a page at level n - 1. The
 * root is the one page of the highest level. Page {@code index} of level n covers blocks [index × 256ⁿ⁺¹, (index + 1) ×
 * 256ⁿ⁺¹).
 *
 * @param blockCount blocks of the disk
 */
public record MapShape(long blockCount) {
    /** Entries of a page. */
    public static final int FAN_OUT = 256;

    static final int FAN_OUT_BITS = 8;

    public static MapShape of(long diskSize, int blockSize) {
        return new MapShape(diskSize / blockSize + (diskSize % blockSize == 0 ? 0 : 1));
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
}
