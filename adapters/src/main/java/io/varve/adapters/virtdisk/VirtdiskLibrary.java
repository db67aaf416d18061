package io.varve.adapters.virtdisk;

import com.sun.jna.Library;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;

/**
 * The calls of {@code virtdisk.dll} that are used here, as the documentation declares them. Each returns a Win32 error,
 * 0 for success; it is the returned value, not the thread's last error. Wide strings are UTF-16LE in memory of the
 * caller. All numbers are unsigned.
 */
interface VirtdiskLibrary extends Library {
    /**
     * @param type {@code VIRTUAL_STORAGE_TYPE}
     * @param access 0 with parameters of version 2
     * @param parameters {@code OPEN_VIRTUAL_DISK_PARAMETERS}
     */
    int OpenVirtualDisk(
            Pointer type, Pointer path, int access, int flags, Pointer parameters, PointerByReference handle);

    /**
     * @param size in: bytes of {@code info}; out: bytes that the answer takes
     * @param used may be null
     */
    int GetVirtualDiskInformation(Pointer handle, IntByReference size, Pointer info, IntByReference used);

    int SetVirtualDiskInformation(Pointer handle, Pointer info);

    /**
     * @param ranges room for as many {@code QUERY_CHANGES_VIRTUAL_DISK_RANGE} as {@code count} says
     * @param count in: room; out: ranges that were filled
     * @param processed bytes of the disk, from {@code offset} on, of which the answer tells
     */
    int QueryChangesVirtualDisk(
            Pointer handle,
            Pointer id,
            long offset,
            long length,
            int flags,
            Pointer ranges,
            IntByReference count,
            LongByReference processed);

    /**
     * @param security null for the default
     * @param provider 0
     * @param overlapped null: it returns when it is done
     */
    int AttachVirtualDisk(
            Pointer handle, Pointer security, int flags, int provider, Pointer parameters, Pointer overlapped);

    int DetachVirtualDisk(Pointer handle, int flags, int provider);

    /**
     * @param bytes in: room at {@code path}; out: bytes of the answer
     * @param path out: {@code \\.\PhysicalDriveN}
     */
    int GetVirtualDiskPhysicalPath(Pointer handle, IntByReference bytes, Pointer path);
}
