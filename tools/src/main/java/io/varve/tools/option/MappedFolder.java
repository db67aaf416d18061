package io.varve.tools.option;

import io.varve.adapters.hyperv.HostPaths;
import io.varve.adapters.smb.SmbFolder;
import io.varve.adapters.smb.SmbPath;
import io.varve.adapters.windows.GivenPath;
import io.varve.adapters.windows.WindowsName;
import io.varve.store.cache.CacheDirectory;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A folder of a Hyper-V host and where this computer reads it, as {@code --map} says: mounted here, or on a share.
 *
 * @param host its path on the host: {@code D:\VMs} or {@code \\server\share}
 */
public record MappedFolder(String host, DiskPlace here) {
    public MappedFolder {
        host = WindowsName.withoutPrefix(host);
    }

    /**
     * Understands {@code HOSTPATH=PATH} and {@code HOSTPATH=smb://HOST/SHARE/PATH}.
     *
     * @param local what to make of the path of a mounted folder
     * @throws IllegalArgumentException when it is something else
     */
    public static MappedFolder parse(String text, Function<String, GivenPath> local) {
        int equals = text.indexOf('=');
        String host = equals < 0 ? "" : text.substring(0, equals);
        String here = text.substring(equals + 1);
        if (!HostPaths.isFolder(host) || here.isEmpty()) {
            throw new IllegalArgumentException("expected HOSTPATH=PATH, such as D:\\VMs=/mnt/vms or"
                    + " D:\\VMs=smb://nas/vms, found '" + text + "'");
        }
        return new MappedFolder(
                host,
                SmbPath.isOne(here)
                        ? new DiskPlace.OnShare(SmbPath.parse(here))
                        : new DiskPlace.Here(local.apply(here)));
    }

    /** Those of a command line. */
    public static List<MappedFolder> all(List<String> texts) throws UsageException {
        List<MappedFolder> all = new ArrayList<>();
        for (String text : texts) {
            try {
                all.add(parse(text, path -> GivenPath.of(Path.of(path).toAbsolutePath())));
            } catch (IllegalArgumentException e) {
                throw new UsageException("--map: " + e.getMessage());
            }
        }
        return all;
    }

    /** Whether it says where a share that the host uses is, which says nothing of where this computer is. */
    public boolean isShareOfShare() {
        return host.startsWith("\\\\") && here instanceof DiskPlace.OnShare;
    }

    /** What is left of a path of the host below this folder; empty when it is not in it. */
    public Optional<String> rest(String path) {
        String prefix = host.endsWith("\\") ? host : host + "\\";
        String bare = WindowsName.withoutPrefix(path);
        return bare.length() > prefix.length() && bare.regionMatches(true, 0, prefix, 0, prefix.length())
                ? Optional.of(bare.substring(prefix.length()))
                : Optional.empty();
    }

    /**
     * Where files of the host are found to be written: on the host itself, or in folders that are mounted here.
     *
     * @throws UsageException when one is on a share that is not mounted
     */
    public static HostPaths localPaths(List<MappedFolder> all) throws UsageException {
        if (all.isEmpty() && CacheDirectory.isWindows()) {
            return HostPaths.ofThisHost();
        }
        List<HostPaths.Mount> mounts = new ArrayList<>();
        for (MappedFolder folder : all) {
            if (!(folder.here instanceof DiskPlace.Here local)) {
                throw new UsageException("--map " + folder.host + "=" + folder.here + ": this writes to files of the"
                        + " host, so its folder must be mounted here");
            }
            mounts.add(new HostPaths.Mount(folder.host, local.file()));
        }
        return HostPaths.mounted(mounts);
    }

    /** Where files of the host are found; nothing is sent yet. */
    public static HostPaths paths(List<MappedFolder> all, ShareServers servers) throws IOException {
        List<HostPaths.Mount> mounts = new ArrayList<>();
        List<HostPaths.Share> shares = new ArrayList<>();
        for (MappedFolder folder : all) {
            if (folder.here instanceof DiskPlace.Here local) {
                mounts.add(new HostPaths.Mount(folder.host, local.file()));
            } else if (folder.here instanceof DiskPlace.OnShare share) {
                shares.add(new HostPaths.Share(
                        folder.host, new SmbFolder(servers.server(share.path().server()), share.path())));
            }
        }
        return HostPaths.mounted(mounts, shares);
    }
}
