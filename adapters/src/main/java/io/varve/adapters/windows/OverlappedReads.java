package io.varve.adapters.windows;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import java.io.Closeable;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Reads at offsets through one handle, which was opened or attached for overlapped use. For any number of threads; each
 * read has an event of its own, so threads do not wait for each other.
 */
public final class OverlappedReads implements Closeable {
    private final String file;
    private final HandleCalls calls;
    private final Pointer handle;
    private final Queue<Read> idle = new ConcurrentLinkedQueue<>();

    /**
     * @param file what it reads, for messages
     * @param handle stays the caller's
     */
    public OverlappedReads(String file, HandleCalls calls, Pointer handle) {
        this.file = file;
        this.calls = calls;
        this.handle = handle;
    }

    private record Read(Memory overlapped, Pointer event) {}

    /**
     * Reads once.
     *
     * @param offset in bytes; a whole sector where the handle demands it
     * @param target room for {@code length} bytes, not kept
     * @return bytes read; fewer than {@code length} at the end of the file, 0 behind it
     * @throws Win32Exception with the error that Windows gave
     */
    public int read(long offset, Pointer target, int length) throws Win32Exception {
        Read polled = idle.poll();
        Read read = polled == null ? new Read(new Memory(WindowsAbi.OVERLAPPED_SIZE), newEvent()) : polled;
        try {
            return read(read, offset, target, length);
        } finally {
            idle.add(read); // Windows is done with it, whatever the outcome
        }
    }

    private int read(Read read, long offset, Pointer target, int length) throws Win32Exception {
        Memory overlapped = read.overlapped;
        overlapped.clear();
        overlapped.setInt(WindowsAbi.OVERLAPPED_OFFSET, (int) offset);
        overlapped.setInt(WindowsAbi.OVERLAPPED_OFFSET_HIGH, (int) (offset >>> 32));
        overlapped.setPointer(WindowsAbi.OVERLAPPED_EVENT, read.event);
        if (calls.ReadFile(handle, target, length, null, overlapped) == 0) {
            int code = Native.getLastError();
            if (code == WindowsAbi.ERROR_HANDLE_EOF) {
                return 0;
            }
            if (code != WindowsAbi.ERROR_IO_PENDING) {
                throw failed(offset, length, code);
            }
        }
        IntByReference got = new IntByReference(0);
        if (calls.GetOverlappedResult(handle, overlapped, got, 1) == 0) {
            int code = Native.getLastError();
            if (code == WindowsAbi.ERROR_HANDLE_EOF) {
                return 0;
            }
            throw failed(offset, length, code);
        }
        return got.getValue();
    }

    private Win32Exception failed(long offset, int length, int code) {
        return new Win32Exception(file, "read " + length + " bytes at offset " + offset, code);
    }

    private Pointer newEvent() throws Win32Exception {
        Pointer event = calls.CreateEventW(null, 1, 0, null);
        if (event == null) {
            throw new Win32Exception(file, "create an event for reading", Native.getLastError());
        }
        return event;
    }

    /** When nobody reads any more. Does not close the handle. */
    @Override
    public void close() {
        for (Read read = idle.poll(); read != null; read = idle.poll()) {
            calls.CloseHandle(read.event);
        }
    }
}
