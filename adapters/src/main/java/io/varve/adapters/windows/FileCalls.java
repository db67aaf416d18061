package io.varve.adapters.windows;

import com.sun.jna.Pointer;

/** What {@code kernel32.dll} does with files by name. Calls return 0 for failure unless they say otherwise. */
interface FileCalls extends HandleCalls {
    /** @return {@link WindowsAbi#INVALID_HANDLE} for failure */
    Pointer CreateFileW(
            Pointer name, int access, int share, Pointer security, int disposition, int flags, Pointer template);

    int GetFileSizeEx(Pointer handle, Pointer size);

    int GetFileInformationByHandle(Pointer handle, Pointer information);

    /** @return {@link WindowsAbi#INVALID_HANDLE} for failure */
    Pointer FindFirstFileW(Pointer pattern, Pointer found);

    int FindNextFileW(Pointer search, Pointer found);

    int FindClose(Pointer search);
}
