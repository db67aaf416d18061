package io.varve.store.backend;

import java.util.Locale;
import java.util.Set;

/** Types of file systems whose errors may be those of a connection or of another computer. */
final class RemoteFileSystems {
    private static final Set<String> TYPES = Set.of(
            "nfs",
            "nfs3",
            "nfs4",
            "cifs",
            "smb2",
            "smb3",
            "smbfs",
            "ncpfs",
            "afs",
            "coda",
            "9p",
            "ceph",
            "glusterfs",
            "lustre",
            "beegfs",
            "gpfs",
            "orangefs",
            "pvfs2",
            "virtiofs",
            "drvfs",
            "davfs",
            "vboxsf",
            "vmhgfs",
            "prl_fs",
            "autofs");

    private RemoteFileSystems() {}

    /** @param type as the system names it; FUSE file systems count, except those on local disks */
    static boolean isOne(String type) {
        String name = type.toLowerCase(Locale.ROOT);
        return TYPES.contains(name) || name.equals("fuse") || name.startsWith("fuse.");
    }
}
