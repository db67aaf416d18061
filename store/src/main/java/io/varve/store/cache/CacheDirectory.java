package io.varve.store.cache;

import io.varve.store.backend.Modes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** The directory for files that can be recreated: {@code VARVE_CACHE}, or the platform's cache directory. */
public final class CacheDirectory {
    private CacheDirectory() {}

    /** Returns a directory below it. Creates it and missing parents, for their owner alone. */
    public static Path make(String... below) throws IOException {
        Path directory = path();
        Modes.createOwnDirectory(directory);
        for (String name : below) {
            directory = directory.resolve(name);
            Modes.createOwnDirectory(directory);
        }
        return directory;
    }

    public static Path path() {
        String chosen = System.getenv("VARVE_CACHE");
        if (chosen != null && !chosen.isEmpty()) {
            return Path.of(chosen);
        }
        return ofPlatform();
    }

    /** Whether this computer runs Windows, so the platform's other places and programs are Windows' too. */
    public static boolean isWindows() {
        return System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
    }

    /** Returns its location if {@code VARVE_CACHE} is not set. */
    static Path ofPlatform() {
        String home = System.getProperty("user.home");
        if (isWindows()) {
            String local = System.getenv("LOCALAPPDATA");
            return local == null ? Path.of(home, "AppData", "Local", "varve") : Path.of(local, "varve");
        }
        String xdg = System.getenv("XDG_CACHE_HOME");
        return xdg == null || xdg.isEmpty() ? Path.of(home, ".cache", "varve") : Path.of(xdg, "varve");
    }
}
