package io.varve.adapters.windows;

import java.nio.file.Path;

/** Names of files as Windows' calls take them, however long they are. */
public final class WindowsName {
    /** From here on a path needs the prefix that takes it as it is. */
    private static final int LONGEST_PLAIN = 247;

    private WindowsName() {}

    public static String of(Path file) {
        return of(file.toAbsolutePath().normalize().toString());
    }

    /** @param path absolute and without dots */
    public static String of(String path) {
        boolean hasPrefix = path.startsWith("\\\\?\\") || path.startsWith("\\\\.\\");
        if (hasPrefix || path.length() <= LONGEST_PLAIN) {
            return path;
        }
        return path.startsWith("\\\\") ? "\\\\?\\UNC\\" + path.substring(2) : "\\\\?\\" + path;
    }
}
