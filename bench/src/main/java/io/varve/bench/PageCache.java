package io.varve.bench;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Makes a file cold: {@code posix_fadvise(POSIX_FADV_DONTNEED)} of 64-bit Linux, which needs no privilege. It empties
 * this machine's page cache of the file, no cache below it: a virtual machine's host, or the drive, may still have it.
 */
final class PageCache {
    private static final int O_RDONLY = 0;
    private static final int DONT_NEED = 4;

    private static boolean bound;

    private PageCache() {}

    /**
     * Drops all pages of {@code file}, written back first. Pages that somebody has mapped stay.
     *
     * @throws IOException when this system cannot do it
     */
    static synchronized void drop(Path file) throws IOException {
        if (!Platform.isLinux() || Native.LONG_SIZE != Long.BYTES) {
            throw new IOException("cold reads can be measured on 64-bit Linux only");
        }
        if (!bound) {
            Native.register(C.class, Platform.C_LIBRARY_NAME);
            bound = true;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true); // dirty pages stay
        }
        try {
            int descriptor = C.open(file.toAbsolutePath().toString(), O_RDONLY);
            int error = C.posix_fadvise(descriptor, 0, 0, DONT_NEED);
            C.close(descriptor);
            if (error != 0) {
                throw new IOException(file + ": posix_fadvise answered " + error);
            }
        } catch (LastErrorException e) {
            throw new IOException(file + ": cannot be dropped from the page cache", e);
        }
    }

    private static final class C {
        static native int open(String path, int flags) throws LastErrorException;

        static native int posix_fadvise(int descriptor, long offset, long length, int advice);

        static native int close(int descriptor) throws LastErrorException;
    }
}
