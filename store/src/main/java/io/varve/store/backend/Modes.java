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
 * File modes in a repository, independent of the process' umask: only the owner has access (0600, 0700), or the group
 * too (0660, 0770) if the parent directory is group-writable. So the mode of the top directory decides for the whole
 * repository. Its set-group-id bit, which new directories inherit, keeps the group.
 *
 * <p>Windows has no modes: everything there inherits the access list of the top directory.
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

    /** Permission bits including set-group-id and sticky; 0 on systems without modes. Links are followed. */
    public static int of(Path path) throws IOException {
        return hasModes(path)
                ? LocatedFailures.look(
                        "cannot read its mode", path, () -> (Integer) Files.getAttribute(path, "unix:mode") & 07777)
                : 0;
    }

    /** Whether new files in {@code directory} are for its group too. */
    public static boolean isShared(Path directory) throws IOException {
        return (of(directory) & (GROUP_WRITES | STICKY)) == GROUP_WRITES;
    }

    /** The attributes to create a file with. */
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

    /** Restores the group permissions that the umask removed from a new file or directory, if the group shares it. */
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

    /** As {@link #settle}, for all files in a directory; a library created them and applied only the umask. */
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

    /**
     * Creates a directory and missing parents, each with the access of the directory it is in. Does nothing if it
     * exists.
     */
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

    /** Creates a directory for its owner alone, whatever its parent's mode, and missing parents with the umask. */
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
     * Shares this user's own directory, and everything created in it later, with its group.
     *
     * @throws IOException when that is impossible: it belongs to another user, or the file system has no modes
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
