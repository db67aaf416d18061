package io.varve.adapters.file;

import io.varve.engine.port.ByteSource;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Reads a file through memory-mapped windows. At most {@value #MOST_WINDOWS} windows are mapped at a time; the least
 * recently used one is unmapped first. Closing the source unmaps all of them, so that the file can be deleted on
 * Windows too.
 *
 * <p>Threading: readers copy from a window under a shared lock; mapping and unmapping hold it exclusively, so no window
 * is unmapped while it is read. A page that cannot be read (the file was truncated, the medium failed) appears in the
 * JVM as an {@link InternalError}, which becomes an {@link IOException}. The file must not be truncated meanwhile; if
 * it is, that is detected and never read as zeros.
 */
final class MappedByteSource implements ByteSource {
    static final int MOST_WINDOWS = 16;

    /** Size of a window in bytes: a power of two, at most 1 GiB because a buffer holds at most 2 GiB. */
    static final long WINDOW_SIZE = 1L << 30;

    private final Path path;

    /**
     * Used for the length only, because {@code FileChannel.size()} takes a lock and closes the channel when
     * interrupted.
     */
    private final RandomAccessFile file;

    private final long size;
    private final long windowSize;
    private final SparseFile holes;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final Map<Long, Window> windows = new HashMap<>();
    private final AtomicLong uses = new AtomicLong();
    private boolean closed;

    private MappedByteSource(Path path, RandomAccessFile file, OpenedFile opened, long windowSize) {
        this.path = path;
        this.file = file;
        this.size = opened.size();
        this.windowSize = windowSize;
        this.holes = new SparseFile(path, opened);
    }

    static MappedByteSource open(Path path) throws IOException {
        return open(path, WINDOW_SIZE);
    }

    /** As {@link #open(Path)}, with a given window size, for tests. */
    static MappedByteSource open(Path path, long windowSize) throws IOException {
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "r");
        OpenedFile opened = OpenedFile.open(path, file::getChannel);
        return new MappedByteSource(path, file, opened, windowSize);
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public String location() {
        return path.toString();
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
        checkInside(offset, target.remaining());
        long position = offset;
        int limit = target.limit();
        try {
            while (target.position() < limit) {
                long inWindow = position % windowSize;
                int length = (int) Math.min(limit - target.position(), windowSize - inWindow);
                target.limit(target.position() + length);
                copy(position / windowSize, (int) inWindow, target);
                position += length;
            }
        } finally {
            target.limit(limit);
        }
    }

    private void copy(long number, int inWindow, ByteBuffer target) throws IOException {
        // Between mapping and copying, other threads may have unmapped the window again.
        while (!copyIfMapped(number, inWindow, target)) {
            mapWindow(number);
        }
    }

    private boolean copyIfMapped(long number, int inWindow, ByteBuffer target) throws IOException {
        lock.readLock().lock();
        try {
            Window window = windows.get(number);
            if (window == null) {
                return false;
            }
            window.lastUse = uses.incrementAndGet();
            int length = target.remaining();
            target.put(window.bytes.duplicate().position(inWindow).limit(inWindow + length));
            // The JVM may report the error of a lost page late, and the rest of a truncated last page reads as zeros
            // without any error. Checking the file size detects both.
            if (file.length() < size) {
                throw new IOException(path + ": shrank from " + size + " to " + file.length() + " bytes while read");
            }
            return true;
        } catch (InternalError e) {
            long offset = number * windowSize + inWindow;
            throw new IOException(
                    path + " at offset " + offset + ": a mapped page could not be read; the file was truncated or its"
                            + " medium failed",
                    e);
        } finally {
            lock.readLock().unlock();
        }
    }

    private void mapWindow(long number) throws IOException {
        lock.writeLock().lock();
        try {
            if (closed) {
                throw new ClosedChannelException();
            }
            if (!windows.containsKey(number)) {
                makeRoom();
                windows.put(number, map(number));
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    private Window map(long number) throws IOException {
        long offset = number * windowSize;
        // Using a channel in an interrupted thread closes it for all threads. Mapping is short, so the status is
        // restored after it.
        boolean status = Thread.interrupted();
        try {
            FileChannel channel = file.getChannel();
            return new Window(channel.map(FileChannel.MapMode.READ_ONLY, offset, Math.min(windowSize, size - offset)));
        } finally {
            if (status) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void makeRoom() {
        if (windows.size() < MOST_WINDOWS) {
            return;
        }
        long oldest = -1;
        for (Map.Entry<Long, Window> entry : windows.entrySet()) {
            if (oldest < 0 || entry.getValue().lastUse < windows.get(oldest).lastUse) {
                oldest = entry.getKey();
            }
        }
        Unmapping.unmap(windows.remove(oldest).bytes);
    }

    @Override
    public RangeSet dataRanges(Range window) {
        return holes.dataRanges(window);
    }

    @Override
    public void close() throws IOException {
        lock.writeLock().lock();
        try {
            closed = true;
            windows.values().forEach(window -> Unmapping.unmap(window.bytes));
            windows.clear();
            holes.close();
            file.close();
        } finally {
            lock.writeLock().unlock();
        }
    }

    private static final class Window {
        final MappedByteBuffer bytes;

        /** Written by readers that share the lock; the order does not matter. */
        volatile long lastUse;

        Window(MappedByteBuffer bytes) {
            this.bytes = bytes;
        }
    }
}
