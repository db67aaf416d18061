package io.varve.engine.range;

/**
 * The blocks of one disk: where each begins, and its length. The only place that rounds offsets to blocks.
 *
 * @param diskSize bytes, at least 0
 * @param blockSize bytes, a power of two; the last block may be shorter
 */
public record BlockGrid(long diskSize, int blockSize) {
    public BlockGrid {
        if (diskSize < 0) {
            throw new IllegalArgumentException("negative disk size " + diskSize);
        }
        if (blockSize <= 0 || Integer.bitCount(blockSize) != 1) {
            throw new IllegalArgumentException("block size " + blockSize + " is not a power of two");
        }
    }

    public long blockCount() {
        return diskSize / blockSize + (diskSize % blockSize == 0 ? 0 : 1);
    }

    public long blockNumber(long offset) {
        return offset / blockSize;
    }

    public long offset(long blockNumber) {
        return Math.multiplyExact(blockNumber, (long) blockSize);
    }

    /** Length of a block in bytes; shorter at the end of the disk. */
    public int length(long blockNumber) {
        return (int) Math.min(blockSize, diskSize - offset(blockNumber));
    }

    /** Returns {@code ranges} rounded out to whole blocks and clipped to the disk. */
    public RangeSet roundOut(RangeSet ranges) {
        RangeSet.Builder builder = new RangeSet.Builder();
        for (Range range : ranges) {
            if (range.offset() >= diskSize) {
                break;
            }
            long offset = range.offset() / blockSize * blockSize;
            long last = Math.min(range.endOffset(), diskSize) - 1;
            builder.add(offset, Math.min((last / blockSize + 1) * blockSize, diskSize));
        }
        return builder.build();
    }
}
