package io.varve.adapters.hyperv;

import io.varve.adapters.DiskImages;
import io.varve.adapters.SourceFormat;
import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.file.PlainFile;
import io.varve.adapters.file.Reader;
import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.CheckpointFile;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.SourceFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Files of the host by the paths that this computer has for them, read by the formats' own readers; the host's image
 * service is asked what changed (reading way {@code wmi-changes}). For any computer that has the host's folders
 * mounted.
 */
public final class MountedReading implements DiskReading {
    private final HyperV host;
    private final HostPaths paths;
    private final Reader reader;
    private final boolean asks;

    public MountedReading(HyperV host, HostPaths paths, Reader reader) {
        this(host, paths, reader, true);
    }

    private MountedReading(HyperV host, HostPaths paths, Reader reader, boolean asks) {
        this.asks = asks;
        this.host = host;
        this.paths = paths;
        this.reader = reader;
    }

    /** Reads everything, and asks nobody what changed (reading way {@code direct}). */
    public static MountedReading withoutLists(HyperV host, HostPaths paths, Reader reader) {
        return new MountedReading(host, paths, reader, false);
    }

    @Override
    public Opened open(CheckpointedDisk disk) throws IOException {
        HostFile file = new HostFile(paths.file(disk.file(), reader), reader, paths);
        DiskImage image = DiskImages.open(file, SourceFormat.AUTO, new ParentSearch(List.of(), true));
        return new Opened(image, asks ? new HostTracker(host, disk, image.size()) : ChangeTracker.none());
    }

    @Override
    public boolean isThere(String path) throws IOException {
        Optional<SourceFolder.Lookup> onShare = paths.find(path).isPresent() ? Optional.empty() : paths.look(path);
        if (onShare.isEmpty()) {
            return Files.exists(paths.here(path));
        }
        if (onShare.get() instanceof SourceFolder.Lookup.Failed failed) {
            throw failed.why();
        }
        return onShare.get() instanceof SourceFolder.Lookup.Found;
    }

    /** The file and its siblings of the same name: runtime state and guest state. */
    @Override
    public List<CheckpointFile> configuration(String path) throws IOException {
        String stem = stem(HostPaths.name(path));
        if (paths.find(path).isEmpty() && paths.look(path).isPresent()) {
            return paths.file(path, reader).folder().list().stream()
                    .filter(sibling -> stem(sibling.name()).equalsIgnoreCase(stem))
                    .<CheckpointFile>map(SharedFile::new)
                    .toList();
        }
        Path file = paths.here(path);
        try (Stream<Path> siblings = Files.list(file.getParent())) {
            return siblings.filter(
                            sibling -> stem(sibling.getFileName().toString()).equalsIgnoreCase(stem))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .<CheckpointFile>map(
                            sibling -> new PlainFile(sibling.getFileName().toString(), sibling))
                    .toList();
        }
    }

    private static String stem(String name) {
        int dot = name.lastIndexOf('.');
        return (dot > 0 ? name.substring(0, dot) : name).toLowerCase(Locale.ROOT);
    }
}
