package io.varve.store.backend;

import io.varve.store.fault.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * File operations whose failures name the operation and the file: the operating system's own messages are just "No
 * space left on device". Exceptions that callers distinguish keep their class.
 */
final class LocatedFailures implements FileOperations {
    private final FileOperations files;

    LocatedFailures(FileOperations files) {
        this.files = files;
    }

    @FunctionalInterface
    private interface Operation {
        void run() throws IOException;
    }

    private static void run(String failure, Path file, Operation operation) throws IOException {
        try {
            operation.run();
        } catch (IOException e) {
            throw located(failure, file, e);
        }
    }

    /** An operation that reads a file or its attributes. */
    @FunctionalInterface
    interface Look<T> {
        T run() throws IOException;
    }

    /** Reads attributes of {@code file}; a failure names it and keeps its class if callers distinguish it. */
    static <T> T look(String failure, Path file, Look<T> look) throws IOException {
        try {
            return look.run();
        } catch (IOException e) {
            throw located(failure, file, e);
        }
    }

    static IOException located(String failure, Path file, IOException e) {
        IOException located;
        boolean isLocated = e instanceof FileSystemException
                ? e.getCause() instanceof FileSystemException
                : ("" + e.getMessage()).contains(file + ": ");
        if (isLocated) {
            return e;
        }
        if (e.getClass() == AccessDeniedException.class) {
            located = new AccessDeniedException(file.toString(), null, failure);
        } else if (e.getClass() == FileSystemException.class) {
            String reason = ((FileSystemException) e).getReason();
            located = new FileSystemException(file.toString(), null, failure + ": " + reason);
        } else if (e instanceof FileSystemException || e.getClass() != IOException.class) {
            return e;
        } else {
            located = new IOException(file + ": " + failure + ": " + Reason.of(e));
        }
        located.initCause(e);
        return located;
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        run("cannot create this directory", directory, () -> files.createDirectory(directory));
    }

    @Override
    public WritableFile create(Path file) throws IOException {
        WritableFile created;
        try {
            created = files.create(file);
        } catch (IOException e) {
            throw located("cannot create it", file, e);
        }
        return new WritableFile() {
            @Override
            public void append(ByteBuffer bytes) throws IOException {
                run("cannot write", file, () -> created.append(bytes));
            }

            @Override
            public void sync() throws IOException {
                run("cannot sync", file, created::sync);
            }

            @Override
            public void close() throws IOException {
                run("cannot close", file, created::close);
            }
        };
    }

    @Override
    public void publish(Path staged, Path name) throws IOException {
        run("cannot give a new object this name", name, () -> files.publish(staged, name));
    }

    @Override
    public void link(Path file, Path name) throws IOException {
        run("cannot give " + file + " this name", name, () -> files.link(file, name));
    }

    @Override
    public void delete(Path file) throws IOException {
        run("cannot delete", file, () -> files.delete(file));
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        run("cannot sync this directory", directory, () -> files.syncDirectory(directory));
    }
}
