package io.varve.adapters.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** What differs between a block device and a regular file. */
public final class BlockDevice {
    /**
     * Linux counts the size in {@code /sys/class/block} in sectors of 512 bytes, whatever the device's own sector is.
     */
    private static final long SYSFS_SECTOR = 512;

    private BlockDevice() {}

    /**
     * Bytes of an open device. The JDK asks Linux itself (BLKGETSIZE64); where it answers 0, sysfs is asked.
     *
     * @throws IOException when {@code path} is no block device, or its size cannot be found
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

    /** Whether {@code path} exists and is something else than a regular file or directory. */
    public static boolean isDevice(Path path) throws IOException {
        return Files.exists(path)
                && Files.readAttributes(path, BasicFileAttributes.class).isOther();
    }
}
