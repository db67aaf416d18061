package io.varve.adapters.vhdx.format;

/**
 * Arithmetic of the block allocation table (MS-VHDX 2.5). Behind the entries of every {@code chunkRatio} payload blocks
 * follows one entry for a sector bitmap, in disks without a parent too.
 *
 * @param diskSize bytes, 1 … 64 TiB
 * @param blockSize bytes, a power of two from 1 to 256 MiB
 * @param logicalSectorSize 512 or 4096
 * @param differencing whether the disk has a parent, and so sector bitmaps
 */
public record BlockGeometry(long diskSize, int blockSize, int logicalSectorSize, boolean differencing) {
    /** Sectors that one sector bitmap of 1 MiB covers. */
    public static final long SECTORS_PER_BITMAP = 1L << 23;

    /** Of a disk without a parent. */
    BlockGeometry(long diskSize, int blockSize, int logicalSectorSize) {
        this(diskSize, blockSize, logicalSectorSize, false);
    }

    /** Payload blocks per sector bitmap, a power of two from 16 to 32768. */
    public int chunkRatio() {
        return (int) (SECTORS_PER_BITMAP * logicalSectorSize / blockSize);
    }

    /** At most 2^26. */
    public long blockCount() {
        return (diskSize + blockSize - 1) / blockSize;
    }

    /** Entries the disk needs: every chunk whole if it has a parent, else those up to its last block. */
    public long entryCount() {
        long bitmapsBefore = (blockCount() - 1) / chunkRatio();
        return differencing ? (bitmapsBefore + 1) * (chunkRatio() + 1) : blockCount() + bitmapsBefore;
    }

    /** Position in the table of the sector bitmap that covers payload block {@code block}. */
    public long bitmapIndex(long block) {
        return (block / chunkRatio() + 1) * (chunkRatio() + 1) - 1;
    }

    /** Position of payload block {@code block} in the table. */
    public long entryIndex(long block) {
        return block + block / chunkRatio();
    }

    /** Whether the entry at {@code index} is one of a sector bitmap. */
    public boolean isBitmap(long index) {
        return index % (chunkRatio() + 1) == chunkRatio();
    }

    /** Payload block of the entry at {@code index}, which is not one of a sector bitmap. */
    public long blockOf(long index) {
        return index - index / (chunkRatio() + 1);
    }

    public long virtualOffset(long block) {
        return block * blockSize;
    }

    /** Bytes of the block that belong to the disk; less than the block size only for the last one. */
    public long lengthInDisk(long block) {
        return Math.min(blockSize, diskSize - virtualOffset(block));
    }

    /** Bytes of the table the disk needs, before rounding to whole MiB. */
    public long tableSize() {
        return entryCount() * BatEntry.SIZE;
    }
}
