package io.varve.adapters.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** Decides which reads and writes bypass the page cache, and on which file systems that is the default. */
final class PastPageCache {
    /** Local Linux file systems that are known to support this well. */
    private static final Set<String> LOCAL = Set.of("ext3", "ext4", "xfs", "btrfs");

    /** No drive in use has larger sectors. */
    private static final int ALIGNMENT = 4096;

    private PastPageCache() {}

    /** Whether to bypass the cache by default. */
    static boolean suits(Path file) throws IOException {
        FileStore store = Files.getFileStore(file);
        return LOCAL.contains(store.type()) && store.getBlockSize() <= ALIGNMENT;
    }

    /** @throws IOException if the file system requires a larger alignment than {@link #canPass} checks */
    static void checkBlockSize(Path file) throws IOException {
        long blockSize = Files.getFileStore(file).getBlockSize();
        if (blockSize > ALIGNMENT) {
            throw new IOException("its blocks have " + blockSize + " bytes, " + ALIGNMENT + " is the most that works");
        }
    }

    /** Whether these bytes can bypass the cache: aligned to 4 KiB in the file, in length and in memory. */
    static boolean canPass(long offset, ByteBuffer bytes) {
        return offset % ALIGNMENT == 0
                && bytes.remaining() % ALIGNMENT == 0
                && bytes.isDirect()
                && bytes.alignmentOffset(bytes.position(), ALIGNMENT) == 0;
    }
}
