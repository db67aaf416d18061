package io.varve.adapters.file;

import io.varve.engine.port.ByteSource;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.store.fault.Reason;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Reads a file channel at given positions. The kernel fills a direct target buffer without an intermediate copy.
 *
 * <p>Interruption: if a thread is interrupted in a channel, the JDK closes the channel for all threads. Here only the
 * interrupted thread gets an {@link InterruptedIOException}, and keeps its interrupt status; the channel is opened
 * again for the others. If the path then leads to another file, all of them get an {@link IOException}.
 */
final class DirectByteSource implements ByteSource {
    /**
     * Longest read into a heap buffer. The JDK copies such reads through a direct buffer of the same length, which it
     * caches per thread.
     */
    private static final int HEAP_PIECE = 1 << 20;

    private final Path path;
    private final OpenedFile.Opening opening;
    private final long size;
    private final Object key;
    private final SparseFile holes;
    private final Object reopening = new Object();
    private volatile FileChannel channel;
    private volatile boolean closed;

    private DirectByteSource(Path path, OpenedFile.Opening opening, OpenedFile opened) {
        this.path = path;
        this.opening = opening;
        this.size = opened.size();
        this.key = opened.key();
        this.channel = opened.channel();
        this.holes = new SparseFile(path, opened);
    }

    static DirectByteSource open(Path path) throws IOException {
        return open(path, OpenedFile.toRead(path));
    }

    /** @param opening opens the channel, now and whenever it has to be opened again */
    static DirectByteSource open(Path path, OpenedFile.Opening opening) throws IOException {
        return new DirectByteSource(path, opening, OpenedFile.open(path, opening));
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
                if (!target.isDirect()) {
                    target.limit((int) Math.min(limit, (long) target.position() + HEAP_PIECE));
                }
                int count = readOnce(position, target);
                if (count < 0) {
                    throw new EOFException(path + " at offset " + position + ": expected a file of " + size
                            + " bytes as when it was opened, found its end");
                }
                position += count;
            }
        } finally {
            target.limit(limit);
        }
    }

    private int readOnce(long position, ByteBuffer target) throws IOException {
        while (true) {
            // Checked first, because using a channel in an interrupted thread closes it for all threads.
            if (Thread.currentThread().isInterrupted()) {
                throw interrupted(position);
            }
            FileChannel current = channel;
            try {
                return current.read(target, position);
            } catch (ClosedByInterruptException e) {
                reopen(current);
                throw interrupted(position);
            } catch (ClosedChannelException e) {
                reopen(current);
            } catch (IOException e) {
                throw new IOException(path + " at offset " + position + ": cannot be read: " + Reason.of(e), e);
            }
        }
    }

    private InterruptedIOException interrupted(long position) {
        return new InterruptedIOException(path + " at offset " + position + ": reading was interrupted");
    }

    private void reopen(FileChannel dead) throws IOException {
        synchronized (reopening) {
            if (closed) {
                throw new ClosedChannelException();
            }
            if (channel != dead) {
                return;
            }
            boolean status = Thread.interrupted();
            try {
                OpenedFile again = OpenedFile.open(path, opening);
                boolean same = key == null ? again.size() == size : key.equals(again.key());
                if (!same) {
                    again.channel().close();
                    throw new IOException(path + ": was replaced by another file while it was being read");
                }
                channel = again.channel();
            } finally {
                if (status) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    @Override
    public RangeSet dataRanges(Range window) throws IOException {
        return holes.dataRanges(window);
    }

    /** What Linux knows about holes and cached pages of the file. */
    SparseFile knowledge() {
        return holes;
    }

    @Override
    public void close() throws IOException {
        synchronized (reopening) {
            closed = true;
            holes.close();
            channel.close();
        }
    }
}
