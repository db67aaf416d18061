package io.varve.adapters.vss.worker;

import com.sun.jna.Library;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;

/** The functions outside of interfaces that a requestor calls. */
final class ComLibraries {
    private ComLibraries() {}

    /** {@code vssapi.dll}. */
    interface VssApi extends Library {
        /** @return HRESULT */
        int CreateVssBackupComponentsInternal(PointerByReference components);

        void VssFreeSnapshotPropertiesInternal(Pointer properties);
    }

    /** {@code ole32.dll}. Each returns an HRESULT. */
    interface Ole extends Library {
        int CoInitializeEx(Pointer reserved, int apartment);

        int CoInitializeSecurity(
                Pointer descriptor,
                int services,
                Pointer service,
                Pointer reserved,
                int authentication,
                int impersonation,
                Pointer list,
                int capabilities,
                Pointer reserved3);
    }

    /** {@code oleaut32.dll}. */
    interface OleAut extends Library {
        void SysFreeString(Pointer text);

        /** Bytes of a BSTR, without the zero at its end. */
        int SysStringByteLen(Pointer text);
    }

    /** {@code kernel32.dll}. Each returns 0 for failure, with a last error. */
    interface Volumes extends Library {
        /** @param length of {@code root}, in characters */
        int GetVolumePathNameW(Pointer file, Pointer root, int length);

        int GetVolumeNameForVolumeMountPointW(Pointer mountPoint, Pointer name, int length);

        int GetVolumeInformationW(
                Pointer root,
                Pointer name,
                int nameLength,
                Pointer serial,
                Pointer componentLength,
                Pointer flags,
                Pointer fileSystem,
                int fileSystemLength);
    }
}
