package io.varve.store.backend;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Optional;

/**
 * Where a repository's objects live. The verbs are those that object storage has too: create-once put of a whole
 * object, range get, list, delete. Names are relative, with {@code /} between their parts.
 *
 * <p>Threading: all methods may be called from many threads at once.
 */
public interface Backend extends Closeable {
    /** What an operator would call this place. */
    String location();

    /**
     * Asked by whoever is about to write, before anything else is made.
     *
     * @throws ForeignRepositoryException when the repository's owner could not read what this process writes
     */
    default void admitWriter() throws IOException {}

    /** Whether this process can write here, so that all can read it who could before. Makes no noise. */
    boolean mayWrite() throws IOException;

    /** Begins a new object, which nobody sees before {@link ObjectWriter#publish}. */
    ObjectWriter create() throws IOException;

    /**
     * Fills {@code target} from position to limit with the object's bytes at {@code offset}.
     *
     * @throws java.nio.file.NoSuchFileException when there is no such object
     * @throws io.varve.store.fault.CorruptDataException when the place says that these bytes are bad, or the object
     *     ends before the buffer is full; others of the same object may be sound
     * @throws IOException after any other failure, which says nothing about the bytes
     */
    void read(String name, long offset, ByteBuffer target) throws IOException;

    /**
     * Length of an object in bytes.
     *
     * @throws java.nio.file.NoSuchFileException when there is no such object
     */
    long size(String name) throws IOException;

    boolean exists(String name) throws IOException;

    /**
     * Calls {@code visitor} for every object whose name begins with {@code directory + "/"}, in no particular order.
     */
    void list(String directory, ObjectVisitor visitor) throws IOException;

    /**
     * Calls {@code visitor} for every object whose name is {@code directory + "/" + anything + "/" + anything}, as
     * those of packs are, in no particular order; a directory of that name may be among them. Cheaper than
     * {@link #list} where a file has to be asked what it is: a repository has a pack for every 64 MiB, and every backup
     * lists them.
     */
    default void listNames(String directory, NameVisitor visitor) throws IOException {
        list(directory, (name, size) -> {
            if (name.indexOf('/', directory.length() + 1) == name.lastIndexOf('/')) {
                visitor.object(name);
            }
        });
    }

    /** Calls {@code visitor} for every first part of a name: what {@link #list} can be asked for, and what cannot. */
    void listTop(NameVisitor visitor) throws IOException;

    /**
     * What others than those who are meant to could see of the place, in words for an operator, with what to do; empty
     * where nothing is wrong, or where only the place's own administration knows.
     *
     * @param names first parts of names that belong to a repository
     */
    default Optional<Exposure> exposure(Collection<String> names) throws IOException {
        return Optional.empty();
    }

    /**
     * That others may look into a place.
     *
     * @param name one of those that they see
     * @param message all of it, in words
     */
    record Exposure(String name, String message) {}

    /**
     * Removes an object for good.
     *
     * @throws java.nio.file.NoSuchFileException when there is no such object
     * @throws InDoubtException when the object may be gone; after any other failure it is there
     */
    void delete(String name) throws IOException;

    /**
     * Gives an object another name, without reading it: what cannot be read of it stays with it. A crash leaves it
     * under one of the names, or both; moving it again then goes on.
     *
     * @throws java.nio.file.NoSuchFileException when there is no such object
     * @throws java.nio.file.FileAlreadyExistsException when {@code target} is another object
     */
    void move(String name, String target) throws IOException;

    /**
     * Makes sure that objects which somebody else published, and which were found by listing, outlast a power cut, as
     * {@link ObjectWriter#publish} makes sure for one's own: who published them may not have come so far. Objects that
     * are gone are passed over. Nothing to do where whatever is listed is durable, as in object storage.
     */
    default void settle(Collection<String> names) throws IOException {}

    /** Removes what crashed writers left unpublished, and nothing of those who live. */
    void deleteUnpublished() throws IOException;

    @FunctionalInterface
    interface NameVisitor {
        void object(String name) throws IOException;
    }

    @FunctionalInterface
    interface ObjectVisitor {
        void object(String name, long size) throws IOException;
    }
}
