package io.varve.tools.option;

import io.varve.store.backend.PlainFile;
import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Looks at paths that the operator gave. If a path cannot be looked at, because of missing permissions or a disk that
 * does not answer, that is a failure; it never counts as a missing file.
 */
public final class NamedFile {
    private NamedFile() {}

    public static boolean exists(Path path) throws IOException {
        return whatHas(path) != null;
    }

    /** Whether it is a regular file. Links are followed. */
    public static boolean isFile(Path path) throws IOException {
        BasicFileAttributes found = whatHas(path);
        return found != null && found.isRegularFile();
    }

    public static boolean isDirectory(Path path) throws IOException {
        BasicFileAttributes found = whatHas(path);
        return found != null && found.isDirectory();
    }

    private static BasicFileAttributes whatHas(Path path) throws IOException {
        return PlainFile.whatHas(path, new LinkOption[0]);
    }
}
