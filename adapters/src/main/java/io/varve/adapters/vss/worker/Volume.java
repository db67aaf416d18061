package io.varve.adapters.vss.worker;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import io.varve.adapters.windows.Wide;
import io.varve.adapters.windows.Win32Exception;
import io.varve.adapters.windows.WindowsName;
import java.io.IOException;
import java.util.Locale;

/**
 * A volume of this host.
 *
 * @param mountPath where it is mounted, with a backslash at its end
 * @param name {@code \\?\Volume{GUID}\}, unique on this host
 */
record Volume(String mountPath, String name) {
    private static final int ROOM = 1024;
    private static final int NAME_ROOM = 64;
    private static final String CLUSTERED = "CSVFS";

    /**
     * The volume that a file is on.
     *
     * @param path a file or folder, which need not exist
     * @throws VssException when it is clustered: its owner node would have to prepare it
     * @throws IOException when Windows does not know it, or it is not on this host
     */
    static Volume of(String path, ComLibraries.Volumes calls) throws IOException {
        if (path.startsWith("\\\\") && !path.startsWith("\\\\?\\")) {
            throw refused(path, "is on another computer, where this host's VSS cannot take shadow copies");
        }
        Memory root = new Memory(2L * ROOM);
        if (calls.GetVolumePathNameW(Wide.of(WindowsName.of(path)), root, ROOM) == 0) {
            throw new Win32Exception(path, "find the volume it is on", Native.getLastError());
        }
        String mountPath = Wide.read(root, 0, 2 * ROOM);
        Memory fileSystem = new Memory(2L * NAME_ROOM);
        if (calls.GetVolumeInformationW(root, null, 0, null, null, null, fileSystem, NAME_ROOM) == 0) {
            throw new Win32Exception(mountPath, "get the file system of this volume", Native.getLastError());
        }
        boolean isClustered = Wide.read(fileSystem, 0, 2 * NAME_ROOM).equalsIgnoreCase(CLUSTERED)
                || path.toLowerCase(Locale.ROOT).matches("[a-z]:\\\\clusterstorage\\\\.*");
        if (isClustered) {
            throw refused(
                    path,
                    "is on a clustered shared volume, which Varve does not back up through VSS: during such a backup a"
                            + " change of its owner can crash the machines on it. Use change tracking instead");
        }
        Memory name = new Memory(2L * NAME_ROOM);
        if (calls.GetVolumeNameForVolumeMountPointW(root, name, NAME_ROOM) == 0) {
            throw new Win32Exception(mountPath, "get the name of this volume", Native.getLastError());
        }
        return new Volume(mountPath, Wide.read(name, 0, 2 * NAME_ROOM));
    }

    private static VssException refused(String path, String reason) {
        return new VssException(path + " " + reason, VssError.Outcome.FAIL);
    }
}
