package io.varve.store.backend;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Lists what lies in the directories of a repository. Thread-safe. */
final class ObjectListing {
    private final ObjectPlaces places;

    ObjectListing(ObjectPlaces places) {
        this.places = places;
    }

    /** @see Backend#list */
    void list(String directory, Backend.ObjectVisitor visitor) throws IOException {
        Path start = places.directory(directory);
        if (start != null) {
            Files.walkFileTree(start, new Walk(directory, start, visitor));
        }
    }

    /** @see Backend#listNames */
    void names(String directory, Backend.NameVisitor visitor) throws IOException {
        Path start = places.directory(directory);
        for (String middle : start == null ? List.<String>of() : entries(start)) {
            for (String last : entries(start.resolve(middle), directory + "/" + middle)) {
                visitor.object(directory + "/" + middle + "/" + last);
            }
        }
    }

    /**
     * Walks, because Windows lists attributes together with names, and a walk uses these. Elsewhere it asks for the
     * attributes of each file, in less time than reading the names first takes.
     *
     * @see Backend#listLengths
     */
    void lengths(String directory, Backend.ObjectVisitor visitor) throws IOException {
        Path start = places.directory(directory);
        if (start != null) {
            Files.walkFileTree(start, Set.of(), 2, new WalkOfTwoLevels(directory, start, visitor));
        }
    }

    /** Tells of every file, and names what fails. */
    private static class Walk extends SimpleFileVisitor<Path> {
        private final String directory;
        private final Path start;
        final Backend.ObjectVisitor visitor;

        Walk(String directory, Path start, Backend.ObjectVisitor visitor) {
            this.directory = directory;
            this.start = start;
            this.visitor = visitor;
        }

        final String name(Path file) {
            return directory + "/" + start.relativize(file).toString().replace('\\', '/');
        }

        final boolean isStart(Path file) {
            return file.equals(start);
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            String name = name(file);
            ObjectPlaces.checkSpread(name, attributes);
            visitor.object(name, attributes.size());
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (failure instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE; // deleted between listing and looking
            }
            String name = name(file);
            if (failure instanceof AccessDeniedException && !isStart(file) && !ObjectPlaces.holdsObjects(name)) {
                foreign(name);
                return FileVisitResult.CONTINUE;
            }
            throw LocatedFailures.located("cannot list this directory", file, failure);
        }

        @Override
        public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
            if (failure != null) {
                throw LocatedFailures.located("cannot list this directory", visited, failure);
            }
            return FileVisitResult.CONTINUE;
        }

        /** Tells of a directory of somebody else that cannot be read, {@code lost+found} for instance. */
        void foreign(String name) throws IOException {
            visitor.object(name, 0);
        }
    }

    /** Tells of everything in directories of the directory: of no file above or below. */
    private static final class WalkOfTwoLevels extends Walk {
        private String prefix; // of the names in the directory that is being visited; null for the first one

        WalkOfTwoLevels(String directory, Path start, Backend.ObjectVisitor visitor) {
            super(directory, start, visitor);
        }

        @Override
        public FileVisitResult preVisitDirectory(Path entered, BasicFileAttributes attributes) {
            prefix = isStart(entered) ? null : name(entered) + "/";
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            if (prefix == null) {
                ObjectPlaces.checkSpread(name(file), attributes);
            } else {
                visitor.object(prefix + file.getFileName(), attributes.size());
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
            prefix = null;
            return super.postVisitDirectory(visited, failure);
        }

        @Override
        void foreign(String name) {
            // It holds no objects.
        }
    }

    /** Names in a directory that may belong to another process; none if it is a link. */
    private static List<String> entries(Path directory, String name) throws IOException {
        try {
            BasicFileAttributes attributes = PlainFile.whatHas(directory);
            if (attributes == null) {
                return List.of();
            }
            ObjectPlaces.checkSpread(name, attributes);
            return attributes.isDirectory() ? entries(directory) : List.of();
        } catch (AccessDeniedException e) {
            if (ObjectPlaces.holdsObjects(name)) {
                throw e;
            }
            return List.of();
        }
    }

    /** Names in a directory; none if it is not one, or gone. */
    static List<String> entries(Path directory) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                names.add(entry.getFileName().toString());
            }
        } catch (NotDirectoryException | NoSuchFileException e) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw LocatedFailures.located("cannot list this directory", directory, e.getCause());
        } catch (IOException e) {
            throw LocatedFailures.located("cannot list this directory", directory, e);
        }
        return names;
    }
}
