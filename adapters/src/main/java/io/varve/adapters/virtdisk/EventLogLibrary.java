package io.varve.adapters.virtdisk;

import com.sun.jna.Library;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;

/**
 * The calls of {@code wevtapi.dll} that are used here. Each returns null or 0 for failure; why, the thread's last error
 * says. All numbers are unsigned.
 */
interface EventLogLibrary extends Library {
    /**
     * @param session null for this computer
     * @param query an XPath expression
     * @return a result set
     */
    Pointer EvtQuery(Pointer session, Pointer channel, Pointer query, int flags);

    /**
     * @param size how many handles fit {@code events}
     * @param timeout milliseconds
     */
    int EvtNext(
            Pointer resultSet, int size, PointerByReference events, int timeout, int flags, IntByReference returned);

    /**
     * @param size bytes of {@code buffer}
     * @param used out: bytes that the answer takes
     */
    int EvtRender(
            Pointer context,
            Pointer event,
            int flags,
            int size,
            Pointer buffer,
            IntByReference used,
            IntByReference properties);

    int EvtClose(Pointer handle);
}
