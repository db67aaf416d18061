package io.varve.adapters.windows;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.varve.engine.port.ByteSource;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A file read through a Windows handle. Direct buffers are filled by Windows itself; for a heap buffer each thread that
 * reads takes {@value #PIECE} bytes of native memory.
 */
final class WindowsSource implements ByteSource {
    private static final int PIECE = 1 << 20;

    private final String path;
    private final FileCalls calls;
    private final Pointer handle;
    private final OverlappedReads reads;
    private final long size;
    private final Queue<Memory> idle = new ConcurrentLinkedQueue<>();
    private boolean closed; // guarded by this

    private WindowsSource(String path, FileCalls calls, Pointer handle, long size) {
        this.path = path;
        this.calls = calls;
        this.handle = handle;
        this.reads = new OverlappedReads(path, calls, new OpenHandle(path, handle), Optional.empty());
        this.size = size;
    }

    static WindowsSource open(WindowsFiles files, String path) throws IOException {
        Pointer handle = files.open(path);
        try {
            return new WindowsSource(path, files.calls(), handle, files.size(path, handle));
        } catch (IOException | RuntimeException e) {
            files.calls().CloseHandle(handle);
            throw e;
        }
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public String location() {
        return path;
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
        checkInside(offset, target.remaining());
        if (target.isDirect()) {
            readDirect(offset, target);
        } else {
            readThrough(offset, target);
        }
    }

    private void readDirect(long offset, ByteBuffer target) throws IOException {
        Pointer memory = Native.getDirectBufferPointer(target);
        long at = offset;
        while (target.hasRemaining()) {
            int got = read(at, memory.share(target.position()), target.remaining());
            target.position(target.position() + got);
            at += got;
        }
    }

    private void readThrough(long offset, ByteBuffer target) throws IOException {
        Memory polled = idle.poll();
        Memory piece = polled == null ? new Memory(PIECE) : polled;
        try {
            long at = offset;
            while (target.hasRemaining()) {
                int got = read(at, piece, Math.min(PIECE, target.remaining()));
                target.put(piece.getByteBuffer(0, got));
                at += got;
            }
        } finally {
            idle.add(piece);
        }
    }

    private int read(long at, Pointer target, int length) throws IOException {
        int got = reads.read(at, target, length);
        if (got <= 0) {
            throw new EOFException(path + " at offset " + at + ": expected a file of " + size
                    + " bytes, found its end; it became shorter");
        }
        return got;
    }

    @Override
    public RangeSet dataRanges(Range window) {
        return RangeSet.of(window);
    }

    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        reads.close();
        idle.clear();
        if (calls.CloseHandle(handle) == 0) {
            throw new Win32Exception(path, "close it", Native.getLastError());
        }
    }
}
