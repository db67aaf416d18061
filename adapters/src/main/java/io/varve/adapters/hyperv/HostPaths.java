package io.varve.adapters.hyperv;

import io.varve.adapters.windows.VolumePaths;
import io.varve.adapters.windows.WindowsName;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Where this computer finds the host's files: the same paths on the host itself, or folders of the host that are
 * mounted here. Immutable.
 */
public final class HostPaths {
    /**
     * A folder of the host that is mounted here.
     *
     * @param host its path on the host: {@code D:\VMs} or {@code \\server\share}
     * @param here its path on this computer
     */
    public record Mount(String host, Path here) {
        /**
         * From {@code HOSTPATH=PATH}.
         *
         * @throws IllegalArgumentException when it is something else
         */
        public static Mount parse(String text) {
            int equals = text.indexOf('=');
            String host = equals < 0 ? "" : text.substring(0, equals);
            if (!host.matches("[A-Za-z]:\\\\.*|\\\\\\\\[^\\\\]+\\\\.+") || equals == text.length() - 1) {
                throw new IllegalArgumentException(
                        "expected HOSTPATH=PATH, such as D:\\VMs=/mnt/vms, found '" + text + "'");
            }
            return new Mount(
                    WindowsName.withoutPrefix(host),
                    Path.of(text.substring(equals + 1)).toAbsolutePath());
        }
    }

    private final List<Mount> mounts;
    private final boolean isHost;

    private HostPaths(List<Mount> mounts, boolean isHost) {
        List<Mount> longestFirst = new ArrayList<>(mounts);
        longestFirst.sort(
                Comparator.comparingInt((Mount mount) -> mount.host().length()).reversed());
        this.mounts = List.copyOf(longestFirst);
        this.isHost = isHost;
    }

    /** This computer is the host. */
    public static HostPaths ofThisHost() {
        return new HostPaths(List.of(), true);
    }

    /** Folders of the host are mounted here. */
    public static HostPaths mounted(List<Mount> mounts) {
        return new HostPaths(mounts, false);
    }

    /**
     * The path here of a file or folder of the host.
     *
     * @throws IOException when it is in none of the mounted folders, with advice
     */
    public Path here(String path) throws IOException {
        return find(path)
                .orElseThrow(() -> new IOException(path
                        + ": is in none of the host's folders that are mounted here; mount its folder, and say where"
                        + " with --map '" + folder(path) + "=PATH' (map in a job file)"));
    }

    /** As {@link #here}; empty when it is in none of the mounted folders. */
    Optional<Path> find(String path) throws IOException {
        try {
            if (isHost) {
                return Optional.of(VolumePaths.of(path));
            }
            for (Mount mount : mounts) {
                Optional<String> rest = below(WindowsName.withoutPrefix(path), mount.host());
                if (rest.isPresent()) {
                    return Optional.of(resolve(mount.here(), rest.get()));
                }
            }
            return Optional.empty();
        } catch (InvalidPathException e) {
            throw new IOException(path + ": " + e.getReason(), e);
        }
    }

    private static Path resolve(Path folder, String rest) throws IOException {
        Path resolved = folder;
        for (String name : rest.split("\\\\")) {
            if (name.equals("..")) {
                throw new IOException(rest + ": leads out of the mounted folder " + folder);
            }
            if (!name.isEmpty() && !name.equals(".")) {
                resolved = resolved.resolve(name);
            }
        }
        return resolved;
    }

    private static Optional<String> below(String path, String folder) {
        String prefix = folder.endsWith("\\") ? folder : folder + "\\";
        String whole = path.replace('/', '\\');
        if (whole.length() > prefix.length() && whole.regionMatches(true, 0, prefix, 0, prefix.length())) {
            return Optional.of(whole.substring(prefix.length()));
        }
        return Optional.empty();
    }

    /** The folder of a host's path, as the host writes it. */
    static String folder(String path) {
        int slash = path.lastIndexOf('\\');
        return slash < 0 ? path : path.substring(0, slash);
    }

    /** The last name of a host's path. */
    static String name(String path) {
        return path.substring(path.lastIndexOf('\\') + 1);
    }

    static String join(String folder, String relative) {
        return folder.endsWith("\\") ? folder + relative : folder + "\\" + relative;
    }
}
