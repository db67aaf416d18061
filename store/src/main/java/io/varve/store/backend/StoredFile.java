package io.varve.store.backend;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * A published file, open for reading. Large aligned pieces are read past the page cache where that is possible: so a
 * check sees what the disk holds, not what memory still has, and does not evict other files from the cache. Everything
 * else is read through the cache. Thread-safe, except for closing.
 */
final class StoredFile implements Closeable {
    private final Path file;
    private final FileChannel cached;
    private final PastPageCache pastPageCache;
    private volatile FileChannel direct; // null until something large is read
    private volatile boolean refused;

    /**
     * @throws java.nio.file.NoSuchFileException when there is no such file
     * @throws io.varve.store.fault.CorruptDataException when it is not a regular file
     */
    StoredFile(Path file, PastPageCache pastPageCache) throws IOException {
        this.file = file;
        this.pastPageCache = pastPageCache;
        this.cached = PlainFile.open(file, Set.of(StandardOpenOption.READ));
    }

    /** Fills {@code target} from position to limit. */
    void read(long offset, ByteBuffer target) throws IOException {
        long position = offset;
        while (target.hasRemaining()) {
            int passing = PastPageCache.passing(position, target);
            int read = passing > 0 && openDirect()
                    ? readPiece(direct, position, target, passing)
                    : cached.read(target, position);
            if (read < 0) {
                throw new EOFException(
                        file + " ends at " + position + ", " + target.remaining() + " bytes short of the request");
            }
            position += read;
        }
    }

    private static int readPiece(FileChannel channel, long position, ByteBuffer target, int length) throws IOException {
        int limit = target.limit();
        try {
            return channel.read(target.limit(target.position() + length), position);
        } finally {
            target.limit(limit);
        }
    }

    private boolean openDirect() throws IOException {
        if (direct == null && !refused) {
            synchronized (this) {
                if (direct == null && !refused) {
                    direct = pastPageCache.suits(file) ? tryDirect() : null;
                    refused = direct == null;
                }
            }
        }
        return direct != null;
    }

    /** Null where the driver refuses it, which a first small read shows; a later failure is the disk's. */
    private FileChannel tryDirect() throws IOException {
        FileChannel channel = null;
        try {
            channel = PlainFile.open(file, Set.of(StandardOpenOption.READ, ExtendedOpenOption.DIRECT));
            channel.read(AlignedBuffer.allocate(AlignedBuffer.ALIGNMENT), 0);
            return channel;
        } catch (IOException | UnsupportedOperationException e) {
            if (channel != null) {
                channel.close();
            }
            return null;
        }
    }

    /** Reads the beginning of a file, past the page cache if the file system allows that. */
    static void probe(Path file) throws IOException {
        ByteBuffer sector = AlignedBuffer.allocate(AlignedBuffer.ALIGNMENT);
        try (FileChannel direct = PlainFile.open(file, Set.of(StandardOpenOption.READ, ExtendedOpenOption.DIRECT))) {
            direct.read(sector, 0);
        } catch (UnsupportedOperationException e) {
            try (FileChannel cached = PlainFile.open(file, Set.of(StandardOpenOption.READ))) {
                cached.read(sector, 0);
            }
        }
    }

    /** Whether the channel is still usable: an interrupt of a reading thread closes it. */
    boolean isOpen() {
        FileChannel second = direct;
        return cached.isOpen() && (second == null || second.isOpen());
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
