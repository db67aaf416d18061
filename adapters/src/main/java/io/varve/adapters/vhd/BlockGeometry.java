package io.varve.adapters.vhd;

/**
 * Arithmetic of the blocks. In the file a block is its sector bitmap, rounded up to whole sectors, and then its data.
 *
 * @param diskSize bytes of the virtual disk
 * @param blockSize bytes, a power of two of at least 512
 */
record BlockGeometry(long diskSize, long blockSize) {
    long blockCount() {
        return (diskSize - 1) / blockSize + 1;
    }

    /** Bytes of a block's sector bitmap in the file. */
    long bitmapSize() {
        long bytes = (blockSize / VhdFormat.SECTOR + Byte.SIZE - 1) / Byte.SIZE;
        return (bytes + VhdFormat.SECTOR - 1) / VhdFormat.SECTOR * VhdFormat.SECTOR;
    }

    /** Bytes of a block in the file. */
    long placeSize() {
        return bitmapSize() + blockSize;
    }

    long virtualOffset(long block) {
        return block * blockSize;
    }

    /** Bytes of {@code block} that the disk has; fewer than a block at its end. */
    long lengthInDisk(long block) {
        return Math.min(blockSize, diskSize - virtualOffset(block));
    }
}
