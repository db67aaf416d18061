package io.varve.adapters.file;

import io.varve.engine.port.SectorSizes;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;

/** What differs between a block device and a regular file. */
public final class BlockDevice {
    /**
     * Linux counts the size in {@code /sys/class/block} in sectors of 512 bytes, whatever the device's own sector is.
     */
    private static final long SYSFS_SECTOR = 512;

    private static final int SMALL_SECTOR = 512;
    private static final int LARGE_SECTOR = 4096;

    private BlockDevice() {}

    /**
     * Returns the size of an open device in bytes. The JDK asks Linux (BLKGETSIZE64); if that gives 0, sysfs is read.
     *
     * @throws IOException if {@code path} is not a block device, or its size cannot be determined
     */
    public static long size(Path path, FileChannel channel) throws IOException {
        long size = channel.size();
        if (size > 0) {
            return size;
        }
        Path sysfs = Path.of("/sys/class/block", path.toRealPath().getFileName().toString(), "size");
        if (Files.isReadable(sysfs)) {
            return Math.multiplyExact(sectors(sysfs), SYSFS_SECTOR);
        }
        throw new IOException(
                path + ": expected a regular file or a block device, found a special file without a size");
    }

    private static long sectors(Path sysfs) throws IOException {
        String text = Files.readString(sysfs).strip();
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IOException(sysfs + ": expected a number of sectors, found \"" + text + "\"", e);
        }
    }

    /**
     * Returns the sector sizes of a device; empty if unknown. Disk images support only 512 and 4096, so other values
     * become the nearest of the two.
     */
    public static Optional<SectorSizes> sectorSizes(Path device) {
        Optional<Path> folder = sysfs(Path.of("/sys"), device);
        return folder.isEmpty() ? Optional.empty() : sectorSizesIn(folder.get());
    }

    /** @param folder of a device or of one of its partitions, which have no queue of their own */
    static Optional<SectorSizes> sectorSizesIn(Path folder) {
        for (Path queue : List.of(folder.resolve("queue"), folder.resolveSibling("queue"))) {
            try {
                int logical = Integer.parseInt(
                        Files.readString(queue.resolve("logical_block_size")).strip());
                int physical = Integer.parseInt(
                        Files.readString(queue.resolve("physical_block_size")).strip());
                return Optional.of(new SectorSizes(nearest(logical), nearest(Math.max(logical, physical))));
            } catch (IOException | NumberFormatException e) {
                // The next folder may have it; if none has, it is unknown.
            }
        }
        return Optional.empty();
    }

    private static int nearest(int bytes) {
        return bytes < LARGE_SECTOR ? SMALL_SECTOR : LARGE_SECTOR;
    }

    /** Returns the sysfs folder of {@code device}, with links resolved. */
    static Optional<Path> sysfs(Path sys, Path device) {
        try {
            long number = (Long) Files.getAttribute(device, "unix:rdev");
            return Optional.of(sys.resolve("dev/block").resolve(number(number)).toRealPath());
        } catch (IOException | RuntimeException e) {
            return Optional.empty(); // not a device, or not Linux
        }
    }

    /** Formats {@code st_rdev} as sysfs and mountinfo do: major and minor number, {@code 8:1}. */
    static String number(long rdev) {
        long major = (rdev >> 8 & 0xFFF) | (rdev >> 32 & ~0xFFFL);
        long minor = (rdev & 0xFF) | (rdev >> 12 & ~0xFFL);
        return major + ":" + minor;
    }

    /** Whether {@code path} exists and is neither a regular file nor a directory. */
    public static boolean isDevice(Path path) throws IOException {
        return Files.exists(path)
                && Files.readAttributes(path, BasicFileAttributes.class).isOther();
    }
}
