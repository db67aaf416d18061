package io.varve.adapters.virtdisk;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import io.varve.adapters.windows.Wide;
import io.varve.adapters.windows.Win32Error;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The log that Windows' driver for virtual disks writes, as far as it tells that a disk's changes were lost track of.
 * An id of before the loss may still be answered afterwards, with a list that leaves something out. Entries are told
 * apart by their numbers, never by their times. Thread-safe.
 */
final class VhdmpLog {
    static final String CHANNEL = "Microsoft-Windows-VHDMP-Operational";

    private static final String LOSSES = "(EventID=8 or EventID=9 or EventID=10)";
    private static final int CHANNEL_PATH = 0x1;
    private static final int NEWEST_FIRST = 0x200;
    private static final int AS_XML = 1;
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int ERROR_NO_MORE_ITEMS = 259;
    private static final int ERROR_INSUFFICIENT_BUFFER = 122;

    /** More than anybody reads; a disk of so many losses is demoted by the first of them. */
    private static final int MOST = 10_000;

    private final EventLogLibrary calls;

    VhdmpLog(EventLogLibrary calls) {
        this.calls = calls;
    }

    /** The number of the newest entry of whatever kind; empty when the log is. */
    OptionalLong newest() throws IOException {
        List<RctLoss> newest = query("*", 1);
        return newest.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(newest.get(0).record());
    }

    /** Entries later than number {@code record} that tell of a loss, newest first. */
    List<RctLoss> lossesSince(long record) throws IOException {
        return query("*[System[" + LOSSES + " and (EventRecordID > " + record + ")]]", MOST);
    }

    private List<RctLoss> query(String xpath, int most) throws IOException {
        Pointer results = calls.EvtQuery(null, Wide.of(CHANNEL), Wide.of(xpath), CHANNEL_PATH | NEWEST_FIRST);
        if (results == null) {
            throw failed("read");
        }
        try {
            List<RctLoss> found = new ArrayList<>();
            PointerByReference event = new PointerByReference(Pointer.NULL);
            while (found.size() < most) {
                IntByReference returned = new IntByReference(0);
                if (calls.EvtNext(results, 1, event, TIMEOUT_MILLIS, 0, returned) == 0) {
                    if (Native.getLastError() == ERROR_NO_MORE_ITEMS) {
                        break;
                    }
                    throw failed("read on in");
                }
                try {
                    found.add(RctLoss.parse(xml(event.getValue())));
                } finally {
                    calls.EvtClose(event.getValue());
                }
            }
            return found;
        } finally {
            calls.EvtClose(results);
        }
    }

    private String xml(Pointer event) throws IOException {
        IntByReference used = new IntByReference(0);
        IntByReference properties = new IntByReference(0);
        Memory buffer = new Memory(8 << 10);
        while (calls.EvtRender(null, event, AS_XML, (int) buffer.size(), buffer, used, properties) == 0) {
            boolean larger = Native.getLastError() == ERROR_INSUFFICIENT_BUFFER
                    && used.getValue() > buffer.size()
                    && used.getValue() <= 16 << 20;
            if (!larger) {
                throw failed("read an entry of");
            }
            buffer = new Memory(used.getValue());
        }
        return Wide.read(buffer, 0, (int) buffer.size());
    }

    private static IOException failed(String what) {
        return new IOException(
                "cannot " + what + " the event log " + CHANNEL + ": " + Win32Error.text(Native.getLastError()));
    }
}
