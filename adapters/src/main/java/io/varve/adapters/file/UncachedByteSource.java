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
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reads past the operating system's page cache ({@code O_DIRECT}, {@code FILE_FLAG_NO_BUFFERING}): data that a backup
 * reads once does not evict what other programs have cached. The cache is used for reads that are not aligned to 4 KiB
 * in the file, in length or in memory, such as tables of a disk format, and, in adaptive mode, for data that is cached
 * already.
 */
final class UncachedByteSource implements ByteSource {
    /** A query is cheap but not free, so there is one for this many reads. */
    private static final int READS_PER_QUESTION = 8;

    private final DirectByteSource cached;
    private final DirectByteSource uncached;
    private final boolean adaptive;
    private final AtomicInteger reads = new AtomicInteger();
    private volatile boolean cold = true; // until known: reads through the cache would make the file look cached

    private UncachedByteSource(DirectByteSource cached, DirectByteSource uncached, boolean adaptive) {
        this.cached = cached;
        this.uncached = uncached;
        this.adaptive = adaptive;
    }

    /** Bypasses the cache where little of the file is cached; if that is unknown or impossible, never. */
    static ByteSource openAdaptive(Path path) throws IOException {
        DirectByteSource cached = DirectByteSource.open(path);
        try {
            return PastPageCache.suits(path) ? new UncachedByteSource(cached, openUncached(path), true) : cached;
        } catch (IOException | UnsupportedOperationException e) {
            return cached;
        }
    }

    private static DirectByteSource openUncached(Path path) throws IOException {
        return DirectByteSource.open(
                path, () -> FileChannel.open(path, StandardOpenOption.READ, ExtendedOpenOption.DIRECT));
    }

    static UncachedByteSource open(Path path) throws IOException {
        DirectByteSource cached = DirectByteSource.open(path);
        try {
            PastPageCache.checkBlockSize(path);
            return new UncachedByteSource(cached, openUncached(path), false);
        } catch (IOException | UnsupportedOperationException e) {
            cached.close();
            throw new IOException(
                    path + ": cannot be read past the page cache, which its file system or driver does not support ("
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
        (PastPageCache.canPass(offset, target) && isCold(offset) ? uncached : cached).read(offset, target);
    }

    private boolean isCold(long offset) {
        if (adaptive) {
            int before = reads.getAndIncrement();
            boolean due = before % READS_PER_QUESTION == 0
                    && (before > 0 || cached.knowledge().wasAsked());
            if (due) {
                cold = !cached.knowledge().isCachedAheadOf(offset);
            }
        }
        return cold;
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
