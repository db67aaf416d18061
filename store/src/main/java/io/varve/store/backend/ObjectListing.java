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

/** Lists what lies in the directories of a repository. Thread-safe. */
final class ObjectListing {
    private final ObjectPlaces places;

    ObjectListing(ObjectPlaces places) {
        this.places = places;
    }

    /** @see Backend#list */
    void list(String directory, Backend.ObjectVisitor visitor) throws IOException {
        Path start = places.directory(directory);
        if (start == null) {
            return;
        }
        Files.walkFileTree(start, new SimpleFileVisitor<>() {
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
                if (failure instanceof AccessDeniedException
                        && !file.equals(start)
                        && !ObjectPlaces.holdsObjects(name)) {
                    visitor.object(name, 0); // a directory of somebody else, lost+found for instance
                    return FileVisitResult.CONTINUE;
                }
                throw LocatedFailures.located("cannot list this directory", file, failure);
            }

            private String name(Path file) {
                return directory + "/" + start.relativize(file).toString().replace('\\', '/');
            }
        });
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

    /** @see Backend#listLengths */
    void lengths(String directory, Backend.ObjectVisitor visitor) throws IOException {
        Path start = places.directory(directory);
        for (String middle : start == null ? List.<String>of() : entries(start)) {
            Path inside = start.resolve(middle);
            for (String last : entries(inside, directory + "/" + middle)) {
                BasicFileAttributes found = PlainFile.whatHas(inside.resolve(last));
                if (found != null) { // else deleted since it was listed
                    visitor.object(directory + "/" + middle + "/" + last, found.size());
                }
            }
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
