package io.varve.adapters.windows;

import com.sun.jna.Library;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;

/** What {@code kernel32.dll} does with an open handle. Calls return 0 or null for failure, with a last error. */
public interface HandleCalls extends Library {
    int CloseHandle(Pointer handle);

    /** @return null for failure */
    Pointer CreateEventW(Pointer security, int manualReset, int initial, Pointer name);

    /**
     * @param got null for what is read with {@code overlapped}
     * @param overlapped says where, and has an event of this read alone
     */
    int ReadFile(Pointer handle, Pointer target, int length, IntByReference got, Pointer overlapped);

    int GetOverlappedResult(Pointer handle, Pointer overlapped, IntByReference got, int wait);

    /**
     * Waits until an event is set.
     *
     * @return 0 when it is, {@link WindowsAbi#WAIT_TIMEOUT} when it is not yet
     */
    int WaitForSingleObject(Pointer event, int millis);

    /** Asks to end a read; that it is ended, the result tells. */
    int CancelIoEx(Pointer handle, Pointer overlapped);
}
