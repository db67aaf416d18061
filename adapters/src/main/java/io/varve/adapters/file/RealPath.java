package io.varve.adapters.file;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Paths with links, junctions and mount points followed. On Windows Java asks for a path with a drive letter, which a
 * volume that is mounted in a folder alone may not have, such as a clustered shared volume; it then fails, or returns a
 * path that is relative. There the path is kept as it was given, if it is absolute and has no link in it but mount
 * points, which lead to the same file for everybody.
 */
public final class RealPath {
    private RealPath() {}

    /** Follows links, as {@link Path#toRealPath}. */
    @FunctionalInterface
    interface Following {
        Path real(Path path) throws IOException;
    }

    /**
     * @return absolute
     * @throws IOException when there is no such file, or its links cannot be followed
     */
    public static Path of(Path path) throws IOException {
        return of(path, Path::toRealPath, File.separatorChar == '\\');
    }

    static Path of(Path path, Following links, boolean windows) throws IOException {
        if (!windows) {
            return links.real(path);
        }
        Path given = path.toAbsolutePath().normalize();
        try {
            Path real = links.real(path);
            return real.isAbsolute() ? real : withoutLinks(given, new IOException(path + ": its volume has no path"));
        } catch (IOException e) {
            Files.readAttributes(given, BasicFileAttributes.class); // there is no such file: its own failure
            return withoutLinks(given, e);
        }
    }

    private static Path withoutLinks(Path given, IOException failure) throws IOException {
        for (Path part = given; part != null; part = part.getParent()) {
            BasicFileAttributes found =
                    Files.readAttributes(part, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (found.isSymbolicLink()) {
                throw failure;
            }
        }
        return given;
    }
}
