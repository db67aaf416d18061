package io.varve.store.backend;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * Decides which reads and writes of one repository's files bypass the operating system's page cache: large aligned
 * pieces, on file systems that support it well. Thread-safe.
 */
final class PastPageCache {
    /** Local Linux file systems that are known to support this well. */
    private static final Set<String> LOCAL = Set.of("ext3", "ext4", "xfs", "btrfs");

    /** Bytes; for smaller pieces the cache is faster. */
    private static final int LEAST = 256 << 10;

    private volatile Boolean suits; // null until asked; all files of a repository lie in one file system

    /** Whether the file system of {@code file}, which exists, is one of them. */
    boolean suits(Path file) throws IOException {
        if (suits == null) {
            FileStore store = Files.getFileStore(file);
            suits = LOCAL.contains(store.type()) && store.getBlockSize() <= AlignedBuffer.ALIGNMENT;
        }
        return suits;
    }

    /**
     * How many of these bytes, from the first on, can bypass the cache: those that are aligned in the file, in length
     * and in memory, if there are enough of them.
     */
    static int passing(long offset, ByteBuffer bytes) {
        int length = bytes.remaining() - bytes.remaining() % AlignedBuffer.ALIGNMENT;
        boolean aligned = offset % AlignedBuffer.ALIGNMENT == 0
                && bytes.isDirect()
                && bytes.alignmentOffset(bytes.position(), AlignedBuffer.ALIGNMENT) == 0;
        return aligned && length >= LEAST ? length : 0;
    }
}
