package io.varve.adapters.vhd;

import java.util.Optional;
import java.util.UUID;

/**
 * What a new VHD shall be. {@link VhdTarget#create} checks the values.
 *
 * @param size bytes of the disk, a multiple of 512, at most 2040 GiB
 * @param fixed whether all of the disk gets its place at once; else it is dynamic, and zeros take no space
 * @param blockSize of a dynamic disk, bytes: 512 KiB or 2 MiB, as Windows takes no others
 * @param logicalSectorSize of the disk whose content it will hold; only 512 is possible
 * @param uniqueId empty for a random one. A restored disk keeps that of the disk it was
 */
public record NewVhd(long size, boolean fixed, int blockSize, int logicalSectorSize, Optional<UUID> uniqueId) {
    /** What Windows gives a dynamic disk. */
    public static final int DEFAULT_BLOCK_SIZE = 2 * VhdFormat.MIB;

    private static final int SMALL_BLOCK_SIZE = 512 * VhdFormat.KIB;

    /** A dynamic disk as Windows makes it by default: blocks of 2 MiB, a random id. */
    public static NewVhd ofSize(long size) {
        return new NewVhd(size, false, DEFAULT_BLOCK_SIZE, VhdFormat.SECTOR, Optional.empty());
    }

    /** The same disk, fixed. */
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

    /** Why there can be no such disk; empty when there can. */
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
