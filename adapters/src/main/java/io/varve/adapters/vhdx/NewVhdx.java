package io.varve.adapters.vhdx;

import java.util.Optional;
import java.util.UUID;

/**
 * What a new dynamic VHDX shall be. {@link VhdxTarget#create} checks the values.
 *
 * @param size bytes of the disk, a multiple of the logical sector size, at most 64 TiB
 * @param blockSize bytes, a power of two from 1 to 256 MiB
 * @param logicalSectorSize 512 or 4096
 * @param physicalSectorSize 512 or 4096
 * @param diskId the Virtual Disk ID; empty for a random one. A restored disk keeps that of the disk it was
 */
public record NewVhdx(long size, int blockSize, int logicalSectorSize, int physicalSectorSize, Optional<UUID> diskId) {
    /** What Windows gives a dynamic disk. */
    public static final int DEFAULT_BLOCK_SIZE = 32 * VhdxFormat.MIB;

    /** A disk as Windows makes it by default: 32 MiB blocks, sectors of 512 bytes on 4096, a random id. */
    public static NewVhdx ofSize(long size) {
        return new NewVhdx(size, DEFAULT_BLOCK_SIZE, 512, 4096, Optional.empty());
    }

    public NewVhdx withBlockSize(int bytes) {
        return new NewVhdx(size, bytes, logicalSectorSize, physicalSectorSize, diskId);
    }

    public NewVhdx withSectorSizes(int logical, int physical) {
        return new NewVhdx(size, blockSize, logical, physical, diskId);
    }

    public NewVhdx withDiskId(UUID id) {
        return new NewVhdx(size, blockSize, logicalSectorSize, physicalSectorSize, Optional.of(id));
    }

    /** Why there can be no such disk; empty when there can. */
    Optional<String> objection() {
        if (!isSectorSize(logicalSectorSize) || !isSectorSize(physicalSectorSize)) {
            return Optional.of(
                    "expected sector sizes of 512 or 4096, found " + logicalSectorSize + " and " + physicalSectorSize);
        }
        if (size <= 0 || size > VhdxFormat.LARGEST_DISK || size % logicalSectorSize != 0) {
            return Optional.of("expected a disk size from " + logicalSectorSize + " bytes to 64 TiB that is a multiple"
                    + " of " + logicalSectorSize + ", found " + size);
        }
        if (blockSize < VhdxFormat.SMALLEST_BLOCK
                || blockSize > VhdxFormat.LARGEST_BLOCK
                || Integer.bitCount(blockSize) != 1) {
            return Optional.of("expected a block size that is a power of two from 1 to 256 MiB, found " + blockSize);
        }
        return Optional.empty();
    }

    private static boolean isSectorSize(int bytes) {
        return bytes == 512 || bytes == 4096;
    }
}
