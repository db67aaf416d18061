package io.varve.adapters.hyperv;

import io.varve.adapters.file.LocalFile;
import io.varve.adapters.file.Reader;
import io.varve.adapters.windows.VolumePaths;
import io.varve.adapters.windows.WindowsName;
import io.varve.engine.port.SourceFile;
import io.varve.engine.port.SourceFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
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
        public Mount {
            host = WindowsName.withoutPrefix(host);
        }
    }

    /**
     * A folder of the host that this computer reads over the network, without mounting it.
     *
     * @param host its path on the host
     */
    public record Share(String host, SourceFolder folder) {
        public Share {
            host = WindowsName.withoutPrefix(host);
        }
    }

    private final List<Mount> mounts;
    private final List<Share> shares;
    private final boolean isHost;

    private HostPaths(List<Mount> mounts, List<Share> shares, boolean isHost) {
        List<Mount> longestFirst = new ArrayList<>(mounts);
        longestFirst.sort(
                Comparator.comparingInt((Mount mount) -> mount.host().length()).reversed());
        this.mounts = List.copyOf(longestFirst);
        this.shares = shares.stream()
                .sorted(Comparator.comparingInt((Share share) -> share.host().length())
                        .reversed())
                .toList();
        this.isHost = isHost;
    }

    /** This computer is the host. */
    public static HostPaths ofThisHost() {
        return new HostPaths(List.of(), List.of(), true);
    }

    /** Folders of the host are mounted here. */
    public static HostPaths mounted(List<Mount> mounts) {
        return mounted(mounts, List.of());
    }

    /** Folders of the host are mounted here, or read over the network; a mounted one goes first. */
    public static HostPaths mounted(List<Mount> mounts, List<Share> shares) {
        return new HostPaths(mounts, shares, false);
    }

    /** Whether two paths of a host are the same. */
    static boolean isSame(String one, String other) {
        return WindowsName.withoutPrefix(one).equalsIgnoreCase(WindowsName.withoutPrefix(other));
    }

    /** Whether a text is a path of a folder as a host writes it: {@code D:\VMs} or {@code \\server\share}. */
    public static boolean isFolder(String text) {
        return text.matches("[A-Za-z]:\\\\.*|\\\\\\\\[^\\\\]+\\\\.+");
    }

    /**
     * The path here of a file or folder of the host.
     *
     * @throws IOException when it is in none of the mounted folders, with advice
     */
    public Path here(String path) throws IOException {
        Optional<Path> found = find(path);
        if (found.isEmpty() && onShare(path).isPresent()) {
            throw new IOException(
                    path + ": --map has its folder read over the network, but this needs it mounted here");
        }
        return found.orElseThrow(() -> notHere(path));
    }

    private static IOException notHere(String path) {
        return new IOException(path
                + ": is not in any of the host's folders that are mounted here; mount its folder, and give its"
                + " place with --map '" + folder(path) + "=PATH' (map in a job file)");
    }

    /** Where to look for a file of the host that is read over the network. */
    private record OnShare(SourceFolder folder, List<String> names) {}

    private Optional<OnShare> onShare(String path) throws IOException {
        for (Share share : shares) {
            Optional<String> rest = below(WindowsName.withoutPrefix(path), share.host());
            if (rest.isPresent()) {
                return Optional.of(new OnShare(
                        share.folder(), names(rest.get(), share.folder().location())));
            }
        }
        return Optional.empty();
    }

    /**
     * A file of the host, as this computer reads it.
     *
     * @throws IOException when it is not there, or in none of the folders, with advice
     */
    SourceFile file(String path, Reader reader) throws IOException {
        Optional<Path> local = find(path);
        if (local.isPresent()) {
            return new LocalFile(local.get(), reader);
        }
        Optional<SourceFolder.Lookup> found = look(path);
        if (found.isEmpty()) {
            throw notHere(path);
        }
        if (found.get() instanceof SourceFolder.Lookup.Found there) {
            return there.file();
        }
        throw new NoSuchFileException(path, null, why(found.get()));
    }

    /** Why a file of the host cannot be read from here; empty if it can, as far as can be told without reading it. */
    public Optional<String> unreadable(String path) throws IOException {
        if (find(path).isPresent() || onShare(path).isEmpty()) {
            Path here = here(path);
            return Files.isReadable(here) ? Optional.empty() : Optional.of(here + " does not exist or cannot be read");
        }
        SourceFolder.Lookup found = look(path).orElseThrow();
        return found instanceof SourceFolder.Lookup.Found ? Optional.empty() : Optional.of(path + ": " + why(found));
    }

    /** @throws IOException when it could not be looked for */
    private static String why(SourceFolder.Lookup notFound) throws IOException {
        if (notFound instanceof SourceFolder.Lookup.Failed failed) {
            throw failed.why();
        }
        return notFound instanceof SourceFolder.Lookup.Missing missing
                ? missing.reason()
                : ((SourceFolder.Lookup.Refused) notFound).reason();
    }

    /** Looks for a file in the folders that are read over the network; empty when its path is in none of them. */
    Optional<SourceFolder.Lookup> look(String path) throws IOException {
        return onShare(path).map(place -> place.folder().find(place.names(), true));
    }

    /**
     * What the host calls a file or folder of this computer.
     *
     * @throws IOException when it is outside the host's folders that are mounted here, with advice
     */
    public String ofHost(Path here) throws IOException {
        Path whole = here.toAbsolutePath().normalize();
        if (isHost) {
            return whole.toString();
        }
        for (Mount mount : mounts) {
            Path folder = mount.here().toAbsolutePath().normalize();
            if (whole.startsWith(folder)) {
                String path = mount.host();
                for (Path name : folder.relativize(whole)) {
                    path = name.toString().isEmpty() ? path : join(path, name.toString());
                }
                return path;
            }
        }
        throw new IOException(whole + ": is not in any of the host's folders that are mounted here; restore to one"
                + " of these, and give its path on the host with --map 'HOSTPATH=" + whole.getParent() + "'");
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
        for (String name : names(rest, folder.toString())) {
            resolved = resolved.resolve(name);
        }
        return resolved;
    }

    private static List<String> names(String rest, String folder) throws IOException {
        List<String> names = new ArrayList<>();
        for (String name : rest.split("\\\\")) {
            if (name.equals("..")) {
                throw new IOException(rest + ": leads out of the mounted folder " + folder);
            }
            if (!name.isEmpty() && !name.equals(".")) {
                names.add(name);
            }
        }
        return names;
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
