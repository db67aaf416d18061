package io.varve.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Refuses a benchmark that would fill the disk. */
final class BenchSpace {
    /** What limits, index and file system take besides. */
    private static final long BESIDES = 1L << 30;

    private BenchSpace() {}

    /** @param bytes of disks and packs that will lie in {@code directory} at the same time */
    static void check(Path directory, long bytes) throws IOException {
        long needed = Math.max(bytes, 0) + Math.min(BESIDES, bytes / 2) + (BESIDES >> 4);
        long free = Files.getFileStore(directory).getUsableSpace();
        if (free < needed) {
            throw new UsageException("no space for it: " + directory + " has " + ByteSize.text(free) + " free, "
                    + ByteSize.text(needed) + " are needed; nothing was done");
        }
    }
}
