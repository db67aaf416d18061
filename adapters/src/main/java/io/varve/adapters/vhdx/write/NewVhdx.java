package io.varve.adapters.vhdx.write;

import io.varve.adapters.vhdx.format.BlockGeometry;
import io.varve.adapters.vhdx.format.VhdxFormat;
import java.util.Optional;
import java.util.UUID;

/**
 * Parameters of a new VHDX. {@link VhdxTarget#create} checks them.
 *
 * @param size size of the disk in bytes, a multiple of the logical sector size, at most 64 TiB
 * @param blockSize in bytes, a power of two from 1 to 256 MiB
 * @param logicalSectorSize 512 or 4096
 * @param physicalSectorSize 512 or 4096
 * @param fixed whether every block is allocated from the beginning
 * @param diskId the Virtual Disk ID; empty for a random one. A restored disk keeps its original id
 * @param dataWriteGuid identity of the content; empty for a random one
 * @param parent the parent of a differencing disk; empty for other disks
 */
public record NewVhdx(
        long size,
        int blockSize,
        int logicalSectorSize,
        int physicalSectorSize,
        boolean fixed,
        Optional<UUID> diskId,
        Optional<UUID> dataWriteGuid,
        Optional<NewParent> parent) {
    /** The block size that Windows uses for dynamic disks. */
    public static final int DEFAULT_BLOCK_SIZE = 32 * VhdxFormat.MIB;

    /** The block size that Windows uses for fixed and differencing disks. */
    public static final int DEFAULT_SMALL_BLOCK_SIZE = 2 * VhdxFormat.MIB;

    /**
     * Returns parameters as Windows uses by default: a dynamic disk, blocks of 32 MiB, sectors of 512 bytes on 4096,
     * random ids.
     */
    public static NewVhdx ofSize(long size) {
        return new NewVhdx(
                size, DEFAULT_BLOCK_SIZE, 512, 4096, false, Optional.empty(), Optional.empty(), Optional.empty());
    }

    public NewVhdx withBlockSize(int bytes) {
        return new NewVhdx(size, bytes, logicalSectorSize, physicalSectorSize, fixed, diskId, dataWriteGuid, parent);
    }

    public NewVhdx withSectorSizes(int logical, int physical) {
        return new NewVhdx(size, blockSize, logical, physical, fixed, diskId, dataWriteGuid, parent);
    }

    /** Returns the same disk as a fixed one, with Windows' block size for fixed disks. */
    public NewVhdx asFixed() {
        return new NewVhdx(
                size,
                DEFAULT_SMALL_BLOCK_SIZE,
                logicalSectorSize,
                physicalSectorSize,
                true,
                diskId,
                dataWriteGuid,
                parent);
    }

    public NewVhdx withDiskId(UUID id) {
        return new NewVhdx(
                size, blockSize, logicalSectorSize, physicalSectorSize, fixed, Optional.of(id), dataWriteGuid, parent);
    }

    public NewVhdx withDataWriteGuid(UUID guid) {
        return new NewVhdx(
                size, blockSize, logicalSectorSize, physicalSectorSize, fixed, diskId, Optional.of(guid), parent);
    }

    /** Returns the same disk as a differencing one, with Windows' block size for these. */
    public NewVhdx asChildOf(NewParent of) {
        return new NewVhdx(
                size,
                DEFAULT_SMALL_BLOCK_SIZE,
                logicalSectorSize,
                physicalSectorSize,
                false,
                diskId,
                dataWriteGuid,
                Optional.of(of));
    }

    BlockGeometry geometry() {
        return new BlockGeometry(size, blockSize, logicalSectorSize, parent.isPresent());
    }

    /** Returns why such a disk is impossible; empty if it is possible. */
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
