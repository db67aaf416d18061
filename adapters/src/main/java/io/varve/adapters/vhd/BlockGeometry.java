package io.varve.adapters.vhd;

/**
 * Arithmetic of blocks. In the file a block is its sector bitmap, rounded up to whole sectors, followed by its data.
 *
 * @param diskSize size of the virtual disk in bytes
 * @param blockSize in bytes, a power of two of at least 512
 */
record BlockGeometry(long diskSize, long blockSize) {
    long blockCount() {
        return (diskSize - 1) / blockSize + 1;
    }

    /** Length in bytes of a block's sector bitmap in the file. */
    long bitmapSize() {
        long bytes = (blockSize / VhdFormat.SECTOR + Byte.SIZE - 1) / Byte.SIZE;
        return (bytes + VhdFormat.SECTOR - 1) / VhdFormat.SECTOR * VhdFormat.SECTOR;
    }

    /** Length in bytes of a block in the file, bitmap included. */
    long placeSize() {
        return bitmapSize() + blockSize;
    }

    long virtualOffset(long block) {
        return block * blockSize;
    }

    /** Length in bytes of {@code block} on the disk; shorter at the end of the disk. */
    long lengthInDisk(long block) {
        return Math.min(blockSize, diskSize - virtualOffset(block));
    }
}
