package io.varve.adapters.windows;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.io.IOException;

/** Privileges of this process, which an elevated account has but which are off until they are asked for. */
public enum Privileges {
    /** Read files whatever their access control list says. */
    BACKUP("SeBackupPrivilege", "back up files and directories"),
    /** Attach virtual disks. */
    MANAGE_VOLUME("SeManageVolumePrivilege", "perform volume maintenance tasks");

    private static final int TOKEN_ADJUST_AND_QUERY = 0x28;
    private static final int ENABLED = 2;
    private static final int NOT_ALL_ASSIGNED = 1300;

    /** {@code TOKEN_PRIVILEGES} with one entry: count at 0, LUID at 4, attributes at 12. */
    private static final int STATE_SIZE = 16;

    private static final int STATE_LUID = 4;
    private static final int STATE_ATTRIBUTES = 12;

    private final String name;
    private final String words;

    Privileges(String name, String words) {
        this.name = name;
        this.words = words;
    }

    interface Kernel extends Library {
        /** @return a constant that stands for this process; not to be closed */
        Pointer GetCurrentProcess();

        int CloseHandle(Pointer handle);
    }

    /** Each returns 0 for failure, with a last error. */
    interface Advapi extends Library {
        int OpenProcessToken(Pointer process, int access, PointerByReference token);

        int LookupPrivilegeValueW(Pointer system, Pointer name, Pointer luid);

        int AdjustTokenPrivileges(
                Pointer token, int disableAll, Pointer state, int length, Pointer previous, Pointer returned);
    }

    /**
     * Switches it on for this process. 64-bit Windows only.
     *
     * @return whether this account has it
     * @throws IOException when Windows cannot be asked
     */
    public boolean enable() throws IOException {
        JnaLibrary.boot();
        Kernel kernel = Native.load("kernel32", Kernel.class);
        Advapi advapi = Native.load("advapi32", Advapi.class);
        PointerByReference token = new PointerByReference();
        check(advapi.OpenProcessToken(kernel.GetCurrentProcess(), TOKEN_ADJUST_AND_QUERY, token));
        try {
            Memory state = new Memory(STATE_SIZE);
            state.clear();
            state.setInt(0, 1);
            check(advapi.LookupPrivilegeValueW(null, Wide.of(name), state.share(STATE_LUID)));
            state.setInt(STATE_ATTRIBUTES, ENABLED);
            check(advapi.AdjustTokenPrivileges(token.getValue(), 0, state, 0, null, null));
            return Native.getLastError() != NOT_ALL_ASSIGNED;
        } finally {
            kernel.CloseHandle(token.getValue());
        }
    }

    private void check(int succeeded) throws Win32Exception {
        if (succeeded == 0) {
            throw new Win32Exception("this process", "enable the privilege " + name, Native.getLastError());
        }
    }

    /** What an operator without it has to do. */
    public String advice() {
        return "this account may not " + words + " (" + name
                + "): run Varve elevated, as a member of Administrators or Backup Operators";
    }
}
