package io.varve.adapters.vhd;

import java.util.Optional;
import java.util.UUID;

/**
 * Parameters of a new VHD. {@link VhdTarget#create} checks them.
 *
 * @param size size of the disk in bytes, a multiple of 512, at most 2040 GiB
 * @param fixed whether the VHD is fixed; otherwise it is dynamic, and zeros take no space
 * @param blockSize block size in bytes of a dynamic disk: 512 KiB or 2 MiB, the sizes that Windows accepts
 * @param logicalSectorSize logical sector size of the restored disk; only 512 is possible
 * @param uniqueId unique id; empty for a random one. A restored disk keeps its original id
 */
public record NewVhd(long size, boolean fixed, int blockSize, int logicalSectorSize, Optional<UUID> uniqueId) {
    /** The block size that Windows uses for dynamic disks. */
    public static final int DEFAULT_BLOCK_SIZE = 2 * VhdFormat.MIB;

    private static final int SMALL_BLOCK_SIZE = 512 * VhdFormat.KIB;

    /** Returns parameters as Windows uses by default: a dynamic disk, blocks of 2 MiB, a random id. */
    public static NewVhd ofSize(long size) {
        return new NewVhd(size, false, DEFAULT_BLOCK_SIZE, VhdFormat.SECTOR, Optional.empty());
    }

    /** Returns the same disk as a fixed one. */
    public NewVhd asFixed() {
        return new NewVhd(size, true, blockSize, logicalSectorSize, uniqueId);
    }

    public NewVhd withBlockSize(int bytes) {
        return new NewVhd(size, fixed, bytes, logicalSectorSize, uniqueId);
    }

    public NewVhd withLogicalSectorSize(int bytes) {
        return new NewVhd(size, fixed, blockSize, bytes, uniqueId);
    }

    public NewVhd withUniqueId(UUID id) {
        return new NewVhd(size, fixed, blockSize, logicalSectorSize, Optional.of(id));
    }

    /** Returns why such a disk is impossible; empty if it is possible. */
    Optional<String> objection() {
        if (logicalSectorSize != VhdFormat.SECTOR) {
            return Optional.of("a VHD has logical sectors of 512 bytes, the disk has sectors of " + logicalSectorSize
                    + "; a VHDX can have these");
        }
        if (size > VhdFormat.LARGEST_DISK) {
            return Optional.of(
                    "expected a disk size of at most 2040 GiB, found " + size + " bytes; a VHDX can be larger");
        }
        if (size <= 0 || size % VhdFormat.SECTOR != 0) {
            return Optional.of("expected a disk size that is a multiple of 512, found " + size);
        }
        if (blockSize != DEFAULT_BLOCK_SIZE && blockSize != SMALL_BLOCK_SIZE) {
            return Optional.of("expected a block size of 512 KiB or 2 MiB, found " + blockSize + " bytes");
        }
        return Optional.empty();
    }
}
