package io.varve.adapters.windows;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Files under names that {@code java.nio} refuses, such as {@code \\?\GLOBALROOT\Device\…}, opened with backup
 * semantics and shared with everyone. A file that somebody has locked is tried again for a few seconds. Thread-safe.
 */
public final class WindowsFiles {
    private final FileCalls calls;
    private final Attempts attempts;

    WindowsFiles(FileCalls calls, long pauseMillis) {
        this.calls = calls;
        this.attempts = new Attempts(pauseMillis);
    }

    /**
     * Those of this computer.
     *
     * @throws IOException when this is not 64-bit Windows
     */
    public static WindowsFiles load() throws IOException {
        checkHost();
        JnaLibrary.boot();
        return new WindowsFiles(Native.load("kernel32", FileCalls.class), TimeUnit.SECONDS.toMillis(1));
    }

    /** @throws IOException when this is not 64-bit Windows */
    public static void checkHost() throws IOException {
        checkHost(Platform.isWindows(), Platform.is64Bit());
    }

    static void checkHost(boolean windows, boolean java64) throws IOException {
        if (windows && !java64) {
            throw new IOException("this Java is a 32-bit one, which cannot ask Hyper-V and VSS of 64-bit Windows: run"
                    + " Varve with a 64-bit Java");
        } else if (!windows) {
            throw new IOException("expected 64-bit Windows, as it is on the Hyper-V host itself; found "
                    + System.getProperty("os.name") + ", " + System.getProperty("os.arch"));
        }
    }

    FileCalls calls() {
        return calls;
    }

    /**
     * Opens a file for overlapped reads.
     *
     * @param path absolute, with backslashes
     * @return a handle, for the caller to close
     */
    Pointer open(String path) throws IOException {
        return open(path, WindowsAbi.GENERIC_READ, WindowsAbi.FLAG_OVERLAPPED);
    }

    /** Opens a file or folder to ask for its properties only. */
    private Pointer openToAsk(String path) throws IOException {
        return open(path, 0, 0);
    }

    private Pointer open(String path, int access, int flags) throws IOException {
        Memory name = Wide.of(WindowsName.of(path));
        return attempts.run(() -> {
            Pointer handle = calls.CreateFileW(
                    name,
                    access,
                    WindowsAbi.SHARE_ALL,
                    null,
                    WindowsAbi.OPEN_EXISTING,
                    WindowsAbi.FLAG_BACKUP_SEMANTICS | flags,
                    null);
            if (WindowsAbi.INVALID_HANDLE.equals(handle)) {
                throw new Win32Exception(path, "open this file", Native.getLastError());
            }
            return handle;
        });
    }

    /** Bytes of an open file. */
    long size(String path, Pointer handle) throws IOException {
        Memory size = new Memory(Long.BYTES);
        if (calls.GetFileSizeEx(handle, size) == 0) {
            throw new Win32Exception(path, "get its size", Native.getLastError());
        }
        return size.getLong(0);
    }

    /** Volume and number of a file: equal for the same file under any name. */
    Object identity(String path) throws IOException {
        Pointer handle = openToAsk(path);
        try {
            Memory information = new Memory(WindowsAbi.INFORMATION_SIZE);
            if (calls.GetFileInformationByHandle(handle, information) == 0) {
                throw new Win32Exception(path, "get its file number", Native.getLastError());
            }
            long index = (long) information.getInt(WindowsAbi.INFORMATION_INDEX_HIGH) << 32
                    | Integer.toUnsignedLong(information.getInt(WindowsAbi.INFORMATION_INDEX_LOW));
            return new UUID(information.getInt(WindowsAbi.INFORMATION_VOLUME), index);
        } finally {
            calls.CloseHandle(handle);
        }
    }

    /**
     * An entry of a folder.
     *
     * @param leadsElsewhere whether it stands for another name: a link or a mount point
     */
    record Entry(String name, boolean isFolder, boolean leadsElsewhere) {}

    /**
     * The entries that match, without {@code .} and {@code ..}.
     *
     * @param pattern an absolute path, whose last part may have {@code *} and {@code ?}
     * @return empty when there are none
     * @throws Win32Exception when the folder cannot be listed, or there is no such folder
     */
    List<Entry> entries(String pattern) throws IOException {
        Memory found = new Memory(WindowsAbi.FIND_SIZE);
        Pointer search = calls.FindFirstFileW(Wide.of(WindowsName.of(pattern)), found);
        List<Entry> entries = new ArrayList<>();
        if (WindowsAbi.INVALID_HANDLE.equals(search)) {
            int code = Native.getLastError();
            if (code == WindowsAbi.ERROR_FILE_NOT_FOUND) {
                return entries;
            }
            throw new Win32Exception(pattern, "list this folder", code);
        }
        try {
            do {
                Entry entry = entry(found);
                if (!entry.name.equals(".") && !entry.name.equals("..")) {
                    entries.add(entry);
                }
            } while (calls.FindNextFileW(search, found) != 0);
            int code = Native.getLastError();
            if (code != WindowsAbi.ERROR_NO_MORE_FILES) {
                throw new Win32Exception(pattern, "list this folder", code);
            }
            return entries;
        } finally {
            calls.FindClose(search);
        }
    }

    private static Entry entry(Memory found) {
        int attributes = found.getInt(WindowsAbi.FIND_ATTRIBUTES);
        boolean isReparsePoint = (attributes & WindowsAbi.ATTRIBUTE_REPARSE_POINT) != 0;
        return new Entry(
                Wide.read(found, WindowsAbi.FIND_NAME, WindowsAbi.FIND_NAME_BYTES),
                (attributes & WindowsAbi.ATTRIBUTE_DIRECTORY) != 0,
                isReparsePoint && (found.getInt(WindowsAbi.FIND_TAG) & WindowsAbi.TAG_NAME_SURROGATE) != 0);
    }
}
