package io.varve.store.backend;

import io.varve.store.fault.CorruptDataException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Storage for a repository's objects. The operations are those of object storage: create-once put of a whole object,
 * range get, list, delete. Names are relative, with {@code /} between their parts.
 *
 * <p>Threading: all methods may be called from many threads at once.
 */
public interface Backend extends Closeable {
    /** This backend's location as an operator would write it. */
    String location();

    /**
     * Called before a writer creates anything.
     *
     * @throws ForeignRepositoryException when the repository's owner could not read what this process writes
     */
    default void admitWriter() throws IOException {}

    /** Whether this process can write here in a way that all present users can read. Reports nothing. */
    boolean mayWrite() throws IOException;

    /** Begins a new object, which is invisible until {@link ObjectWriter#publish}. */
    ObjectWriter create() throws IOException;

    /**
     * Fills {@code target} from position to limit with the object's bytes at {@code offset}.
     *
     * @throws java.nio.file.NoSuchFileException when there is no such object
     * @throws CorruptDataException when the storage reports that these bytes are bad, or the object ends before the
     *     buffer is full; other bytes of the object may be intact
     * @throws IOException after any other failure; that says nothing about the bytes
     */
    void read(String name, long offset, ByteBuffer target) throws IOException;

    /**
     * The bytes of an object that is small enough to be read as a whole.
     *
     * @param limit maximum length in bytes; no memory is allocated for a larger object
     * @throws java.nio.file.NoSuchFileException when there is none
     * @throws CorruptDataException when it is larger, is damaged, or shrinks while it is read
     */
    default byte[] readWhole(String name, int limit) throws IOException {
        long size = size(name);
        if (size > limit) {
            throw new CorruptDataException(name, -1, "at most " + limit + " bytes", size + " bytes");
        }
        byte[] object = new byte[(int) size];
        read(name, 0, ByteBuffer.wrap(object));
        return object;
    }

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
     * Calls {@code visitor} for every object whose name has the form {@code directory + "/" + anything + "/" +
     * anything}, as packs have, in no particular order; a directory with such a name may be among them. Cheaper than
     * {@link #list} where each file's type would have to be queried: a repository has a pack for every 64 MiB, and
     * every backup lists them.
     */
    default void listNames(String directory, NameVisitor visitor) throws IOException {
        list(directory, (name, size) -> {
            if (name.indexOf('/', directory.length() + 1) == name.lastIndexOf('/')) {
                visitor.object(name);
            }
        });
    }

    /**
     * As {@link #listNames}, with the length of each. Of what is not an object the length is meaningless. Where the
     * storage has to be asked about each object, this takes a few microseconds more for each.
     */
    default void listLengths(String directory, ObjectVisitor visitor) throws IOException {
        list(directory, (name, size) -> {
            if (name.indexOf('/', directory.length() + 1) == name.lastIndexOf('/')) {
                visitor.object(name, size);
            }
        });
    }

    /** Calls {@code visitor} for every first part of a name, whether or not {@link #list} accepts it. */
    void listTop(NameVisitor visitor) throws IOException;

    /**
     * What unintended users can access, worded for an operator, with advice. Empty when nothing is wrong, or when only
     * the storage's own administration can tell.
     *
     * @param names first parts of names that belong to a repository
     */
    default Optional<Exposure> exposure(Collection<String> names) throws IOException {
        return Optional.empty();
    }

    /**
     * Unintended access to the storage.
     *
     * @param name an object that is accessible
     * @param message the whole finding, for the operator
     */
    record Exposure(String name, String message) {}

    /**
     * Removes an object for good.
     *
     * @throws java.nio.file.NoSuchFileException when there is no such object
     * @throws InDoubtException when the object may be gone; after any other failure it still exists
     */
    void delete(String name) throws IOException;

    /**
     * Renames an object without reading it, so unreadable parts are kept. A crash leaves it under one of the names or
     * both; moving it again then completes the move.
     *
     * @throws java.nio.file.NoSuchFileException when there is no such object
     * @throws java.nio.file.FileAlreadyExistsException when {@code target} is another object
     */
    void move(String name, String target) throws IOException;

    /**
     * Makes objects durable that another writer published and that were found by listing; that writer may have crashed
     * before it did so itself. For one's own objects {@link ObjectWriter#publish} does this. Objects that are gone are
     * skipped. Does nothing where every listed object is durable, as in object storage.
     */
    default void settle(Collection<String> names) throws IOException {}

    /** How many requests at the same time are faster than one after the other; 1 where each is quick. */
    default int requestsAtOnce() {
        return 1;
    }

    /** What requests were sent so far, where each one costs money; empty where none does. */
    default Optional<Traffic> traffic() {
        return Optional.empty();
    }

    /**
     * Tests with objects in {@code tmp/} whether the storage, as it is configured, keeps the promises of this
     * interface.
     *
     * @return what the operator should know; empty when all is well
     */
    default List<Observation> examine() throws IOException {
        return List.of();
    }

    /**
     * What a test of the storage found.
     *
     * @param isBroken whether a promise is broken that safety depends on
     * @param message the whole finding with advice, for the operator
     */
    record Observation(boolean isBroken, String message) {}

    /** Removes unpublished objects of crashed writers, and none of live writers. */
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
