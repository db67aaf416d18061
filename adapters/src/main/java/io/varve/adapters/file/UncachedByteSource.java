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
 * Reads past the operating system's page cache ({@code O_DIRECT}, {@code FILE_FLAG_NO_BUFFERING}): what a backup reads
 * once does not drive out what the host's other programs keep there. Takes the cache for what cannot go past it: reads
 * that are not aligned to 4 KiB in the file, in length or in memory, such as the tables of a disk format; and, if it is
 * to be adaptive, what is in there already.
 */
final class UncachedByteSource implements ByteSource {
    /** Asking costs little, but more than nothing: once for so many reads, and not at all for fewer. */
    private static final int READS_PER_QUESTION = 8;

    private final DirectByteSource cached;
    private final DirectByteSource uncached;
    private final boolean adaptive;
    private final AtomicInteger reads = new AtomicInteger();
    private volatile boolean cold = true; // until known: what was read through the cache would look warm

    private UncachedByteSource(DirectByteSource cached, DirectByteSource uncached, boolean adaptive) {
        this.cached = cached;
        this.uncached = uncached;
        this.adaptive = adaptive;
    }

    /** Passes the cache by where little of the file is in it; where that cannot be told or done, it never does. */
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
