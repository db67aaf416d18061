package io.varve.store.backend;

import com.sun.nio.file.ExtendedOpenOption;
import io.varve.store.backend.FileOperations.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * A new file on this host. Large aligned pieces are written past the page cache where that is possible: they are not
 * read again soon, and it saves a copy and leaves the cache to other files. Small pieces of the same file go through
 * the cache. Not thread-safe.
 */
final class HostFile implements WritableFile {
    private final Path file;
    private final FileChannel cached;
    private final DirectWrites mayBeDirect;
    private FileChannel direct; // null until something is large enough
    private boolean refused;
    private long length;

    /** Whether the file system supports this well. */
    @FunctionalInterface
    interface DirectWrites {
        boolean allowed() throws IOException;
    }

    /** @param mayBeDirect called when there is a large piece */
    HostFile(Path file, DirectWrites mayBeDirect) throws IOException {
        this.file = file;
        this.mayBeDirect = mayBeDirect;
        this.cached = FileChannel.open(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), Modes.ofNewFile(file));
        Modes.settle(file);
    }

    @Override
    public void append(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (PastPageCache.passing(length, bytes) == bytes.remaining() && openDirect()) {
                length += direct.write(bytes, length);
            } else {
                length += cached.write(bytes, length);
            }
        }
    }

    private boolean openDirect() throws IOException {
        if (direct == null && !refused) {
            try {
                direct = mayBeDirect.allowed()
                        ? FileChannel.open(
                                file, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT, LinkOption.NOFOLLOW_LINKS)
                        : null;
            } catch (IOException | UnsupportedOperationException e) {
                direct = null; // the same file system with another driver or block size: the cache takes everything
            }
            refused = direct == null;
        }
        return direct != null;
    }

    @Override
    public void sync() throws IOException {
        cached.force(true);
    }

    @Override
    public void close() throws IOException {
        try (cached) {
            if (direct != null) {
                direct.close();
            }
        }
    }
}
