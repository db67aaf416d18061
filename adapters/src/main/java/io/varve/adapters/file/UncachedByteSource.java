package io.varve.adapters.file;

import com.sun.nio.file.ExtendedOpenOption;
import io.varve.engine.port.ByteSource;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Reads past the operating system's page cache ({@code O_DIRECT}, {@code FILE_FLAG_NO_BUFFERING}): what a backup reads
 * once does not drive out what the host's other programs keep there. Takes the cache for what cannot go past it: reads
 * that are not aligned to 4 KiB in the file, in length or in memory, such as the tables of a disk format.
 */
final class UncachedByteSource implements ByteSource {
    /** No drive in use has larger sectors. */
    private static final int ALIGNMENT = 4096;

    private final DirectByteSource cached;
    private final DirectByteSource uncached;

    private UncachedByteSource(DirectByteSource cached, DirectByteSource uncached) {
        this.cached = cached;
        this.uncached = uncached;
    }

    static UncachedByteSource open(Path path) throws IOException {
        DirectByteSource cached = DirectByteSource.open(path);
        try {
            return new UncachedByteSource(
                    cached,
                    DirectByteSource.open(
                            path, () -> FileChannel.open(path, StandardOpenOption.READ, ExtendedOpenOption.DIRECT)));
        } catch (IOException | UnsupportedOperationException e) {
            cached.close();
            throw new IOException(
                    path + ": cannot be read past the page cache, which its file system or driver does not offer ("
                            + e.getMessage() + "); use the reader 'direct'",
                    e);
        }
    }

    @Override
    public long size() {
        return cached.size();
    }

    @Override
    public String location() {
        return cached.location();
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
        boolean aligned = offset % ALIGNMENT == 0
                && target.remaining() % ALIGNMENT == 0
                && target.isDirect()
                && target.alignmentOffset(target.position(), ALIGNMENT) == 0;
        (aligned ? uncached : cached).read(offset, target);
    }

    @Override
    public RangeSet dataRanges(Range window) throws IOException {
        return cached.dataRanges(window);
    }

    @Override
    public void close() throws IOException {
        try (cached) {
            uncached.close();
        }
    }
}
