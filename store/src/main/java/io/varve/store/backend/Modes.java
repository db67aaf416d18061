package io.varve.store.backend;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Who may read and write what is made in a repository, whatever the process' umask says: its owner alone (0600, 0700),
 * or its group too (0660, 0770) where the directory that it is made in may be written by its group. So the mode of the
 * directory at the top says it for all of a repository. A set-group-id bit there, which new directories inherit, keeps
 * the group.
 *
 * <p>Windows has none of this: there everything inherits the access list of the directory at the top.
 */
public final class Modes {
    private static final int GROUP_WRITES = 0020;
    private static final int STICKY = 01000;
    private static final int SET_GROUP_ID = 02000;
    private static final int ALL_OF_GROUP = 0070;
    private static final int READ_AND_WRITE_OF_GROUP = 0060;

    private static final Set<PosixFilePermission> OWNER_FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> GROUP_FILE = PosixFilePermissions.fromString("rw-rw----");
    private static final Set<PosixFilePermission> OWNER_DIRECTORY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> GROUP_DIRECTORY = PosixFilePermissions.fromString("rwxrwx---");

    private Modes() {}

    private static boolean hasModes(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("unix");
    }

    /** Permission bits, with those for set-group-id and sticky; 0 where there are none. Links are followed. */
    public static int of(Path path) throws IOException {
        return hasModes(path)
                ? LocatedFailures.look(
                        "cannot read its mode", path, () -> (Integer) Files.getAttribute(path, "unix:mode") & 07777)
                : 0;
    }

    /** Whether what is made in {@code directory} is for its group, too. */
    public static boolean isShared(Path directory) throws IOException {
        return (of(directory) & (GROUP_WRITES | STICKY)) == GROUP_WRITES;
    }

    /** What to make a file with. */
    static FileAttribute<?>[] ofNewFile(Path file) throws IOException {
        if (!hasModes(file)) {
            return new FileAttribute<?>[0];
        }
        boolean shared = isShared(file.toAbsolutePath().getParent());
        return attributes(shared ? GROUP_FILE : OWNER_FILE);
    }

    private static FileAttribute<?>[] attributes(Set<PosixFilePermission> permissions) {
        return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)};
    }

    /** Gives the group what the umask took from a file or directory that was just made, if the group shares it. */
    static void settle(Path made) throws IOException {
        if (!hasModes(made) || !isShared(made.toAbsolutePath().getParent())) {
            return;
        }
        int mode = (Integer) Files.getAttribute(made, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777;
        boolean directory = Files.isDirectory(made, LinkOption.NOFOLLOW_LINKS);
        int wanted = mode | (directory ? ALL_OF_GROUP : READ_AND_WRITE_OF_GROUP);
        if (mode != wanted && Files.isWritable(made)) {
            try {
                Files.setAttribute(made, "unix:mode", wanted);
            } catch (IOException e) {
                if (Files.exists(made)) {
                    return; // somebody else's, or a file system that has modes in name only
                }
                throw new NoSuchFileException(made.toString());
            }
        }
    }

    /** As {@link #settle}, for all files in a directory, made by a library that knows only the umask. */
    public static void settleAll(Path directory) throws IOException {
        if (!hasModes(directory) || !isShared(directory)) {
            return;
        }
        try (var files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    try {
                        settle(file);
                    } catch (NoSuchFileException e) {
                        // Deleted by the library since it was listed.
                    }
                }
            }
        }
    }

    /** Makes a directory and those above it, each for those who share the one it is in; nothing if it is there. */
    public static void createDirectories(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path parent = directory.toAbsolutePath().getParent();
        if (!hasModes(directory)) {
            Files.createDirectories(directory);
            return;
        }
        createDirectories(parent);
        try {
            Files.createDirectory(directory, attributes(isShared(parent) ? GROUP_DIRECTORY : OWNER_DIRECTORY));
            settle(directory);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        } catch (IOException e) {
            throw LocatedFailures.located("cannot create this directory", directory, e);
        }
    }

    /** Makes a directory for its owner alone, whatever it is in, and those above it as the umask says. */
    public static void createOwnDirectory(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path parent = directory.toAbsolutePath().getParent();
        if (!Files.isDirectory(parent)) {
            Files.createDirectories(parent);
        }
        try {
            Files.createDirectory(
                    directory, hasModes(directory) ? attributes(OWNER_DIRECTORY) : new FileAttribute<?>[0]);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        } catch (IOException e) {
            throw LocatedFailures.located("cannot create this directory", directory, e);
        }
    }

    /**
     * Gives a directory of one's own to its group too, and all that will be made in it.
     *
     * @throws IOException when it cannot be done here: it is somebody else's, or the file system has no modes
     */
    public static void share(Path directory) throws IOException {
        if (!hasModes(directory)) {
            throw new IOException(directory + ": this file system has no Unix modes; set permissions on"
                    + " the directory instead, which everything created in it inherits");
        }
        Files.setAttribute(directory, "unix:mode", SET_GROUP_ID | 0770);
        if ((of(directory) & (SET_GROUP_ID | ALL_OF_GROUP)) != (SET_GROUP_ID | ALL_OF_GROUP)) {
            throw new IOException(directory + ": expected mode 2770, found " + Integer.toOctalString(of(directory))
                    + " after setting it; the user must belong to the directory's group, and the file"
                    + " system must have Unix modes");
        }
    }
}
