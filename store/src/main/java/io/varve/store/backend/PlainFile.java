package io.varve.store.backend;

import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Access to files that must be regular files. Anyone with write access to a repository could put a symbolic link there,
 * which leads a command out of it, or a pipe, which blocks a command for ever. So the type is checked first, and links
 * are never followed.
 */
public final class PlainFile {
    /**
     * There, files whose content a server keeps elsewhere (data deduplication, for instance) are no regular files to
     * Java, and opened without following they show a stub. Pipes have no names among files.
     */
    private static final boolean WINDOWS = System.getProperty("os.name").startsWith("Windows");

    private PlainFile() {}

    private static boolean isPlain(BasicFileAttributes found) {
        return WINDOWS ? !found.isSymbolicLink() && !found.isDirectory() : found.isRegularFile();
    }

    /** Whether there is a regular file of this name. */
    public static boolean is(Path file) throws IOException {
        BasicFileAttributes found = whatHas(file);
        return found != null && isPlain(found);
    }

    /**
     * Attributes of the entry with this name, without following links; null when there is none. {@link Files#exists}
     * also says "no" when the file system does not answer; then a listing would be empty, and everything in it would be
     * taken for deleted.
     */
    public static BasicFileAttributes whatHas(Path name) throws IOException {
        return whatHas(name, LinkOption.NOFOLLOW_LINKS);
    }

    /** As above, with {@code options} about links. */
    public static BasicFileAttributes whatHas(Path name, LinkOption... options) throws IOException {
        try {
            return LocatedFailures.look(
                    "cannot read its" + " attributes",
                    name,
                    () -> Files.readAttributes(name, BasicFileAttributes.class, options));
        } catch (NoSuchFileException e) {
            return null;
        } catch (FileSystemException e) {
            if (!isBelowFile(name)) {
                throw e;
            }
            return null;
        }
    }

    /** Paths of the entries of a directory, in no order. */
    public static List<Path> in(Path directory) throws IOException {
        return LocatedFailures.look("cannot list this directory", directory, () -> {
            try (Stream<Path> entries = Files.list(directory)) {
                return entries.toList();
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        });
    }

    /** Whether one of its parents is not a directory: then the name does not exist either. */
    private static boolean isBelowFile(Path name) throws IOException {
        Path parent = name.toAbsolutePath().getParent();
        try {
            return parent != null
                    && !Files.readAttributes(parent, BasicFileAttributes.class).isDirectory();
        } catch (FileSystemException e) {
            return false;
        }
    }

    /**
     * What has the name {@code file}.
     *
     * @param name of it in messages
     * @throws java.nio.file.NoSuchFileException when there is none
     * @throws CorruptDataException when it is not a file: a symbolic link, a directory, a pipe, a socket, a device
     */
    public static BasicFileAttributes attributes(Path file, String name) throws IOException {
        BasicFileAttributes found = LocatedFailures.look(
                "cannot read its attributes",
                file,
                () -> Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        if (!isPlain(found)) {
            throw new CorruptDataException(
                    name, -1, "a file", kind(found) + "; remove it, or replace it with the file itself");
        }
        return found;
    }

    /**
     * Opens a regular file.
     *
     * @throws CorruptDataException as above
     */
    static FileChannel open(Path file, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        if (whatHas(file) != null) {
            attributes(file, file.toString());
        }
        Set<OpenOption> all = new HashSet<>(options);
        if (!WINDOWS) {
            all.add(LinkOption.NOFOLLOW_LINKS); // should somebody exchange it in this moment
        }
        return FileChannel.open(file, all, attributes);
    }

    /** In words. */
    static String kind(BasicFileAttributes attributes) {
        if (attributes.isSymbolicLink()) {
            return "a symbolic link, which is not followed";
        }
        if (attributes.isDirectory()) {
            return "a directory";
        }
        return attributes.isRegularFile() ? "a file" : "a pipe, a socket or a device";
    }
}
