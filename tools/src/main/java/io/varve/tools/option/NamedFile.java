package io.varve.tools.option;

import io.varve.store.backend.PlainFile;
import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * What the operator's paths lead to. A place that cannot be looked at, for lack of rights or because a disk does not
 * answer, is a failure here, and not taken for one where nothing is.
 */
public final class NamedFile {
    private NamedFile() {}

    public static boolean exists(Path path) throws IOException {
        return whatHas(path) != null;
    }

    /** Whether it is a file, itself or by links. */
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
