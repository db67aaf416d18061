package io.varve.adapters.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A file or block device opened for reading, with the size and identity that it had then. With the identity, a source
 * that opens its path again can detect that another file is there now.
 *
 * @param key identity of the file, device and inode; null if the system has none (Windows)
 */
public record OpenedFile(FileChannel channel, long size, Object key) {
    /** Opens a channel. */
    public interface Opening {
        FileChannel open() throws IOException;
    }

    /** @throws IOException when {@code path} is neither a regular file nor a block device with a known size */
    static OpenedFile open(Path path) throws IOException {
        return open(path, toRead(path));
    }

    static Opening toRead(Path path) {
        return () -> FileChannel.open(path, StandardOpenOption.READ);
    }

    /** As {@link #open(Path)}, with a given way to open the channel. Closes the channel if it fails. */
    public static OpenedFile open(Path path, Opening opening) throws IOException {
        try {
            return opened(path, opening);
        } catch (FileSystemException e) {
            if (e.getClass() != FileSystemException.class) {
                throw e;
            }
            // The operating system's message does not name the file.
            throw new IOException(path + ": cannot be opened: " + e.getReason(), e);
        }
    }

    private static OpenedFile opened(Path path, Opening opening) throws IOException {
        BasicFileAttributes before = Files.readAttributes(path, BasicFileAttributes.class);
        if (before.isDirectory()) {
            throw new IOException(path + ": expected a file or a block device, found a directory");
        }
        FileChannel channel = opening.open();
        try {
            long size = before.isRegularFile() ? channel.size() : BlockDevice.size(path, channel);
            Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
            if (before.fileKey() != null && !before.fileKey().equals(key)) {
                throw new IOException(path + ": was replaced by another file while it was being opened; try again");
            }
            return new OpenedFile(channel, size, key);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }
}
