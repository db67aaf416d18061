package io.varve.store.backend;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The changes that {@link LocalBackend} makes to a file system, one by one. A seam for crash tests, which record the
 * changes and replay every prefix, with unsynced data lost.
 */
public interface FileOperations {
    /** Creates a directory whose parent exists; nothing happens when it exists already. */
    void createDirectory(Path directory) throws IOException;

    /** Creates a file that must not exist and opens it for appending. */
    WritableFile create(Path file) throws IOException;

    /**
     * Gives {@code staged} its final name, atomically and without replacing anything.
     *
     * @throws java.nio.file.FileAlreadyExistsException when the name is taken
     */
    void publish(Path staged, Path name) throws IOException;

    /**
     * Gives {@code file} a second name without replacing anything; on a file system without hard links, renames it.
     *
     * @throws java.nio.file.FileAlreadyExistsException when the name is taken
     */
    void link(Path file, Path name) throws IOException;

    void delete(Path file) throws IOException;

    /** Makes the entries of a directory durable, where the operating system allows that. */
    void syncDirectory(Path directory) throws IOException;

    /** A file open for appending. */
    interface WritableFile extends Closeable {
        void append(ByteBuffer bytes) throws IOException;

        /** Makes everything appended so far durable. */
        void sync() throws IOException;
    }
}
