package io.varve.store.backend;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The operating system's own file operations, for the files of one repository. */
public final class HostFileOperations implements FileOperations {
    private static final boolean WINDOWS = System.getProperty("os.name").startsWith("Windows");

    private final PastPageCache pastPageCache = new PastPageCache();

    @Override
    public void createDirectory(Path directory) throws IOException {
        Modes.createDirectories(directory);
    }

    @Override
    public WritableFile create(Path file) throws IOException {
        return new HostFile(file, () -> pastPageCache.suits(file));
    }

    @Override
    public void publish(Path staged, Path name) throws IOException {
        link(staged, name);
        try {
            Files.deleteIfExists(staged); // it is not there any more where there are no links
        } catch (IOException e) {
            return; // the object has its name; what is left in tmp/ goes with the writer, or with the next one
        }
    }

    @Override
    public void link(Path file, Path name) throws IOException {
        try {
            // A hard link is the one portable way to create a name atomically only if it is free.
            Files.createLink(name, file);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException e) {
            moveWhereLinksAreMissing(file, name);
        } catch (FileSystemException e) {
            if (isLinked(file, name)) {
                throw e; // done, but the answer was lost: whoever asked has to doubt it
            }
            moveWhereLinksAreMissing(file, name);
        }
    }

    private static boolean isLinked(Path file, Path name) throws IOException {
        try {
            return Files.isSameFile(file, name);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /**
     * FAT, some network shares: names hold ids of their content or random parts, so the gap between check and move is
     * safe.
     */
    private static void moveWhereLinksAreMissing(Path staged, Path name) throws IOException {
        if (Files.exists(name, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(name.toString());
        }
        try {
            Files.move(staged, name, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException(
                    "the file system of " + name + " supports neither hard links nor atomic renames, or"
                            + " differs from that of tmp/ because a top-level directory is a symbolic link. A"
                            + " repository needs one file system with one of the two: choose another place",
                    e);
        }
    }

    @Override
    public void delete(Path file) throws IOException {
        Files.delete(file);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        if (WINDOWS) {
            return; // Windows opens no directory as a file; NTFS journals its names.
        }
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
