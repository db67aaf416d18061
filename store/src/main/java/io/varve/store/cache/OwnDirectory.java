package io.varve.store.cache;

import io.varve.store.backend.Modes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * A directory below the cache directory that only this user can write to, for native libraries. Anyone who could
 * replace a library there could run code as this user.
 *
 * <p>Windows has no file modes. There the directory is in the user's local application data, regardless of
 * {@code VARVE_CACHE}, because the access list there lets no other user write. (Not tested on Windows itself.)
 */
final class OwnDirectory {
    private static final int OTHERS = 0077;
    private static final int OTHERS_WRITE = 0022;
    private static final int STICKY = 01000;
    private static final Path SELF = Path.of("/proc/self");

    private OwnDirectory() {}

    /**
     * Creates the directory if it is missing, and checks its owner and mode.
     *
     * @throws UntrustedDirectoryException if other users can write to it
     * @throws IOException if it cannot be created
     */
    static Path make(String... names) throws IOException {
        Path directory = CacheDirectory.isWindows() ? CacheDirectory.ofPlatform() : CacheDirectory.path();
        Modes.createOwnDirectory(directory);
        checkAbove(directory);
        for (String name : names) {
            directory = directory.resolve(name);
            Modes.createOwnDirectory(directory);
            check(directory);
        }
        return directory;
    }

    /** Checks the cache directory itself: a user who may write there could replace the directories in it. */
    private static void checkAbove(Path cache) throws IOException {
        if (CacheDirectory.isWindows()) {
            return;
        }
        int owner = owner(cache);
        if (owner != 0 && owner != self(cache)) {
            throw refused(cache, "a directory of this user, or of root", "one of user id " + owner);
        }
        int mode = Modes.of(cache);
        if ((mode & OTHERS_WRITE) == 0 || (mode & STICKY) != 0) {
            return;
        }
        if (owner != self(cache)) {
            throw refused(cache, "one that others cannot write to", "mode " + Integer.toOctalString(mode));
        }
        Files.setAttribute(cache, "unix:mode", mode & ~OTHERS_WRITE); // created by an earlier version with the umask
    }

    private static void check(Path directory) throws IOException {
        if (CacheDirectory.isWindows()) {
            return;
        }
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            throw refused(directory, "a directory", "a link, or something else");
        }
        if (owner(directory) != self(directory)) {
            throw refused(directory, "a directory of this user", "one of user id " + owner(directory));
        }
        int mode = Modes.of(directory);
        if ((mode & OTHERS) != 0) {
            throw refused(directory, "one for its owner alone (mode 700)", "mode " + Integer.toOctalString(mode));
        }
    }

    private static int owner(Path file) throws IOException {
        return (Integer) Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }

    /** Returns the user id of this process: from the system on Linux, elsewhere from a file that it creates. */
    private static int self(Path directory) throws IOException {
        if (Files.exists(SELF)) {
            return (Integer) Files.getAttribute(SELF, "unix:uid");
        }
        Path made = Files.createTempFile(directory, "own", ".partial");
        try {
            return owner(made);
        } finally {
            Files.delete(made);
        }
    }

    /** Whether only this user can write to a file, and the file has no other name. */
    static boolean isOwn(Path file) throws IOException {
        if (CacheDirectory.isWindows()) {
            return true;
        }
        int mode = (Integer) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        return owner(file) == self(file.getParent())
                && (mode & OTHERS_WRITE) == 0
                && Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS)
                        .equals(1);
    }

    private static UntrustedDirectoryException refused(Path directory, String expected, String found) {
        return new UntrustedDirectoryException(directory + ": expected " + expected + ", found " + found
                + ". Libraries are loaded from it, so anyone who can write there could run code as this"
                + " user: delete it, or set VARVE_CACHE to a directory of your own");
    }
}
