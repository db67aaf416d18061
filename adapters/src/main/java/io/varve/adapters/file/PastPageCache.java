package io.varve.adapters.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** What goes between memory and disk without the operating system's page cache, and where that is done unasked. */
final class PastPageCache {
    /** Local file systems of Linux that are known to do this well. */
    private static final Set<String> LOCAL = Set.of("ext3", "ext4", "xfs", "btrfs");

    /** No drive in use has larger sectors. */
    private static final int ALIGNMENT = 4096;

    private PastPageCache() {}

    /** Whether to do it without being asked to. */
    static boolean suits(Path file) throws IOException {
        FileStore store = Files.getFileStore(file);
        return LOCAL.contains(store.type()) && store.getBlockSize() <= ALIGNMENT;
    }

    /** @throws IOException when the file system wants what goes past it aligned to more than {@link #canPass} asks */
    static void checkBlockSize(Path file) throws IOException {
        long blockSize = Files.getFileStore(file).getBlockSize();
        if (blockSize > ALIGNMENT) {
            throw new IOException("its blocks have " + blockSize + " bytes, " + ALIGNMENT + " is the most that works");
        }
    }

    /** Whether these bytes can, to or from there: aligned to 4 KiB in the file, in length and in memory. */
    static boolean canPass(long offset, ByteBuffer bytes) {
        return offset % ALIGNMENT == 0
                && bytes.remaining() % ALIGNMENT == 0
                && bytes.isDirect()
                && bytes.alignmentOffset(bytes.position(), ALIGNMENT) == 0;
    }
}
