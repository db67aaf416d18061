package io.varve.adapters.windows;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of files as Windows' calls take them, however long they are. */
public final class WindowsName {
    /** From here on a path needs the prefix that takes it as it is. */
    private static final int LONGEST_PLAIN = 247;

    private WindowsName() {}

    /** {@code \\?\} in the forms that programs, JSON and the event log have. */
    private static final Pattern PREFIX =
            Pattern.compile("\\\\(\\\\[?.]|\\?\\?)\\\\(?=UNC\\\\|[A-Z]:\\\\)", Pattern.CASE_INSENSITIVE);

    /** Names that Windows takes for others unless the prefix says that they are meant as they are. */
    private static final Pattern VERBATIM_ONLY = Pattern.compile("/|(^|\\\\)[^\\\\]*[. ](\\\\|$)|.\\\\\\\\");

    /** Whether Windows takes it for another name than it says unless it has the prefix. */
    static boolean isVerbatimOnly(String rest) {
        return VERBATIM_ONLY.matcher(rest).find();
    }

    /**
     * The same path without {@code \\?\}, which {@code java.nio} refuses; {@code \\?\UNC\host\share} is
     * {@code \\host\share}. Unchanged if it has no prefix, or means another file without it.
     */
    public static String withoutPrefix(String path) {
        Matcher prefix = PREFIX.matcher(path);
        if (!prefix.lookingAt() || isVerbatimOnly(path.substring(prefix.end()))) {
            return path;
        }
        String rest = path.substring(prefix.end());
        return rest.regionMatches(true, 0, "UNC\\", 0, 4) ? "\\\\" + rest.substring(4) : rest;
    }

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
