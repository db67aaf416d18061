package io.varve.tools.bench;

import io.varve.tools.output.ByteSize;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Refuses a benchmark that would fill the disk. */
final class BenchSpace {
    private static final long LEAST_LIMIT_FILE = 64L << 20;
    private static final long MOST_LIMIT_FILE = 1L << 30;

    /** Space for index, map pages and the file system. */
    private static final long BESIDES = 64L << 20;

    private BenchSpace() {}

    /**
     * @param bytes of disks and packs that will be in {@code directory} at the same time
     * @return largest size in bytes of the file that is used to measure the disk before
     */
    static long check(Path directory, long bytes) throws IOException {
        long limitFile = Math.max(LEAST_LIMIT_FILE, Math.min(MOST_LIMIT_FILE, bytes / 2));
        long needed = bytes + limitFile + BESIDES;
        long free = Files.getFileStore(directory).getUsableSpace();
        if (free < needed) {
            throw new UsageException("not enough space: " + directory + " has " + ByteSize.text(free) + " free, "
                    + ByteSize.text(needed) + " are needed; nothing was done");
        }
        return limitFile;
    }
}
