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
 * Reads a file through windows mapped into memory. At most {@value #MOST_WINDOWS} windows are mapped at a time; the one
 * not used for longest is unmapped first, and closing the source unmaps all of them, so the file can then be deleted
 * everywhere.
 *
 * <p>Threading: readers copy out of a window under a shared lock; mapping and unmapping take it alone, so no window
 * vanishes under a reader. A page that cannot be read (the file was cut off, the medium failed) reaches the JVM as an
 * {@link InternalError}; it leaves here as an {@link IOException}. The file must not be truncated meanwhile, but if it
 * is, this is noticed and never answered with zeros.
 */
final class MappedByteSource implements ByteSource {
    static final int MOST_WINDOWS = 16;

    /** Bytes of a window: a power of two, at most 1 GiB because a buffer holds at most 2 GiB. */
    static final long WINDOW_SIZE = 1L << 30;

    private final Path path;

    /** Asked for the length, because the channel's {@code size()} locks, and closes the channel when interrupted. */
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

    /** As {@link #open(Path)}, with small windows for tests. */
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
        // Between mapping and copying, other threads may have needed the room for windows of their own.
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
            // The JVM may deliver the error of a vanished page only at its next transition, and the rest of a last page
            // that was cut off reads as zeros without any error: asking for the size settles both.
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
        // A channel entered by an interrupted thread is closed under everybody; mapping is short, so the status waits.
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

        /** Written by readers that share the lock; which of them comes last does not matter. */
        volatile long lastUse;

        Window(MappedByteBuffer bytes) {
            this.bytes = bytes;
        }
    }
}
