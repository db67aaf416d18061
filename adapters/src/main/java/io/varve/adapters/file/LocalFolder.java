package io.varve.adapters.file;

import io.varve.engine.port.SourceFile;
import io.varve.engine.port.SourceFolder;
import io.varve.store.fault.Reason;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder of this host.
 *
 * @param path must have links resolved if files are to be found {@code inside}
 * @param reader how its files are read
 */
public record LocalFolder(Path path, Reader reader) implements SourceFolder {
    @Override
    public String location() {
        return path.toString();
    }

    @Override
    public Lookup find(List<String> names, boolean inside) {
        Path candidate = path;
        try {
            for (String name : names) {
                candidate = candidate.resolve(name);
            }
        } catch (InvalidPathException e) {
            return new Lookup.Missing(
                    String.join("/", names) + " in " + path + ": not a valid file" + " name on this system");
        }
        return look(candidate.normalize(), inside);
    }

    @Override
    public Lookup findOnDrive(String drive, List<String> names, boolean inside) {
        if (File.separatorChar != '\\') {
            return SourceFolder.super.findOnDrive(drive, names, inside);
        }
        try {
            return look(Path.of(drive + ":\\" + String.join("\\", names)).normalize(), inside);
        } catch (InvalidPathException e) {
            return new Lookup.Refused("not a valid path on this system");
        }
    }

    private Lookup look(Path candidate, boolean inside) {
        if (inside && !candidate.startsWith(path)) {
            return new Lookup.Refused("refused because it leads outside the disk's folder (--allow-parent-outside)");
        }
        try {
            Path file = withCase(candidate);
            if (inside && Files.isSymbolicLink(file)) {
                return new Lookup.Missing(file + ": refused because it is a link (--allow-parent-outside)");
            } else if (!Files.isRegularFile(file)) {
                return new Lookup.Missing(candidate + ": no such file");
            }
            Path real = RealPath.of(file);
            if (inside && !real.startsWith(path)) {
                return new Lookup.Missing(
                        file + ": refused because links lead outside the folder (--allow-parent-outside)");
            }
            return new Lookup.Found(new LocalFile(real, reader));
        } catch (IOException e) {
            return new Lookup.Missing(candidate + ": " + Reason.of(e));
        }
    }

    /** Windows names ignore case. On a case-sensitive file system a single match is accepted. */
    private static Path withCase(Path candidate) throws IOException {
        Path parent = candidate.getParent();
        if (Files.exists(candidate) || parent == null || !Files.isDirectory(parent)) {
            return candidate;
        }
        String name = candidate.getFileName().toString();
        try (Stream<Path> files = Files.list(parent)) {
            List<Path> alike = files.filter(
                            file -> file.getFileName().toString().equalsIgnoreCase(name))
                    .limit(2)
                    .toList();
            return alike.size() == 1 ? alike.get(0) : candidate;
        }
    }

    @Override
    public List<SourceFile> list() throws IOException {
        try (Stream<Path> all = Files.list(path)) {
            return all.filter(Files::isRegularFile)
                    .sorted()
                    .<SourceFile>map(file -> new LocalFile(file, reader))
                    .toList();
        }
    }
}
