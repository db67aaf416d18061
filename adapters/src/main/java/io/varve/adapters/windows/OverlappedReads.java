package io.varve.adapters.windows;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Reads at offsets through one handle, which was opened or attached for overlapped use. For any number of threads; each
 * read has an event of its own, so threads do not wait for each other.
 */
public final class OverlappedReads implements Closeable {
    private final String file;
    private final HandleCalls calls;
    private final OpenHandle handle;
    private final Optional<Patience> patience;
    private final Queue<Read> idle = new ConcurrentLinkedQueue<>();

    /** What Windows may still write to, although nobody waits for it any more. Never emptied. */
    private static final Queue<Object> LEFT = new ConcurrentLinkedQueue<>();

    /**
     * @param file what it reads, for messages
     * @param handle stays the caller's
     * @param patience how long a read may take; empty to wait for ever, because the memory that is read into is not the
     *     reader's own
     */
    public OverlappedReads(String file, HandleCalls calls, OpenHandle handle, Optional<Patience> patience) {
        this.file = file;
        this.calls = calls;
        this.handle = handle;
        this.patience = patience;
    }

    private record Read(Memory overlapped, Pointer event) {}

    /**
     * Reads once.
     *
     * @param offset in bytes; a whole sector where the handle demands it
     * @param target room for {@code length} bytes, not kept
     * @return bytes read; fewer than {@code length} at the end of the file, 0 behind it
     * @throws IOException when the handle was closed
     * @throws Win32Exception with the error that Windows gave
     * @throws NoAnswerException when it takes too long; {@code target} is not to be used any more
     */
    public int read(long offset, Pointer target, int length) throws IOException {
        Pointer open = handle.toRead();
        Read polled = idle.poll();
        Read read = polled == null ? new Read(new Memory(WindowsAbi.OVERLAPPED_SIZE), newEvent()) : polled;
        if (begins(open, read, offset, target, length)) {
            waitFor(read, offset, target, length);
        } else {
            idle.add(read);
            return 0;
        }
        IntByReference got = new IntByReference(0);
        int code = calls.GetOverlappedResult(handle.value(), read.overlapped, got, 1) == 0 ? Native.getLastError() : 0;
        idle.add(read); // Windows is done with it, whatever the outcome
        if (code == WindowsAbi.ERROR_HANDLE_EOF) {
            return 0;
        } else if (code != 0) {
            throw failed(offset, length, code);
        }
        return got.getValue();
    }

    /** @return false at the end of the file */
    private boolean begins(Pointer open, Read read, long offset, Pointer target, int length) throws Win32Exception {
        Memory overlapped = read.overlapped;
        overlapped.clear();
        overlapped.setInt(WindowsAbi.OVERLAPPED_OFFSET, (int) offset);
        overlapped.setInt(WindowsAbi.OVERLAPPED_OFFSET_HIGH, (int) (offset >>> 32));
        overlapped.setPointer(WindowsAbi.OVERLAPPED_EVENT, read.event);
        if (calls.ReadFile(open, target, length, null, overlapped) == 0) {
            int code = Native.getLastError();
            if (code == WindowsAbi.ERROR_HANDLE_EOF) {
                return false;
            }
            if (code != WindowsAbi.ERROR_IO_PENDING) {
                idle.add(read);
                throw failed(offset, length, code);
            }
        }
        return true;
    }

    private void waitFor(Read read, long offset, Pointer target, int length) throws IOException {
        if (patience.isEmpty() || isDone(read)) {
            return;
        }
        calls.CancelIoEx(handle.value(), read.overlapped);
        if (isDone(read)) {
            idle.add(read);
        } else {
            LEFT.add(List.of(read, target));
        }
        patience.get().check();
        throw new NoAnswerException(file, what(length, offset), patience.get().seconds());
    }

    private boolean isDone(Read read) throws IOException {
        return patience.orElseThrow()
                .waits(millis -> calls.WaitForSingleObject(read.event, millis) != WindowsAbi.WAIT_TIMEOUT);
    }

    private static String what(int length, long offset) {
        return "read " + length + " bytes at offset " + offset;
    }

    private Win32Exception failed(long offset, int length, int code) {
        return new Win32Exception(file, what(length, offset), code);
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
