package io.varve.store.backend;

import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.regex.Pattern;

/**
 * Maps the objects of a repository to files. A top-level directory ({@code packs}, {@code snapshots} …) may be a
 * symbolic link, since an operator may want it elsewhere; no link below it is followed. {@code tmp} and {@code index}
 * may not be links: files with unknown names are deleted from {@code tmp}, and {@code index} is deleted as a whole.
 */
final class ObjectPlaces {
    /** Packs are spread over directories by the first byte of their ids. */
    private static final Pattern WITH_OBJECTS = Pattern.compile("(packs|parity)/[0-9a-f]{2}|trash/snapshots");

    private final Path root;

    ObjectPlaces(Path root) {
        this.root = root;
    }

    /**
     * The file of an object, which need not exist.
     *
     * @throws CorruptDataException when the path contains a symbolic link or leads out of the repository
     */
    Path of(String name) throws IOException {
        Path file = root;
        int from = 0;
        while (from <= name.length()) {
            int slash = name.indexOf('/', from);
            String part = name.substring(from, slash < 0 ? name.length() : slash);
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                throw new CorruptDataException(name, -1, "the name of an object", "one that leads somewhere else");
            }
            file = file.resolve(part);
            if (slash < 0) {
                break;
            }
            if ((from > 0 || !mayBeLink(part)) && isLink(file)) {
                throw linked(name.substring(0, slash));
            }
            from = slash + 1;
        }
        return file;
    }

    /** The directory that holds the objects below {@code name}, with links resolved; null if there is none. */
    Path directory(String name) throws IOException {
        Path directory = of(name);
        BasicFileAttributes found = PlainFile.whatHas(directory);
        if (found == null || !found.isSymbolicLink()) {
            return found != null && found.isDirectory() ? directory : null;
        }
        if (!mayBeLink(name)) {
            throw linked(name);
        }
        BasicFileAttributes target = PlainFile.whatHas(directory, new LinkOption[0]);
        if (target == null || !target.isDirectory()) {
            throw new IOException(directory + ": is a symbolic link to " + Files.readSymbolicLink(directory)
                    + ", which is not a directory; mount what belongs there, or correct the link");
        }
        return directory.toRealPath();
    }

    private static boolean isLink(Path file) throws IOException {
        BasicFileAttributes found = PlainFile.whatHas(file);
        return found != null && found.isSymbolicLink();
    }

    private static boolean mayBeLink(String name) {
        return name.indexOf('/') < 0 && !name.equals("tmp") && !name.equals("index");
    }

    /**
     * Makes sure that objects are not skipped because their directory is a link.
     *
     * @param name of an entry that was found while listing
     */
    static void checkSpread(String name, BasicFileAttributes attributes) throws CorruptDataException {
        if (attributes.isSymbolicLink() && holdsObjects(name)) {
            throw linked(name);
        }
    }

    /** Whether a directory of that name, in a top-level directory, holds objects. */
    static boolean holdsObjects(String name) {
        return WITH_OBJECTS.matcher(name).matches();
    }

    private static CorruptDataException linked(String name) {
        return new CorruptDataException(
                name,
                -1,
                "a directory",
                "a symbolic link, which is followed only for top-level directories; replace it with the"
                        + " directory itself");
    }
}
