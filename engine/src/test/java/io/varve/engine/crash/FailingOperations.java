package io.varve.engine.crash;

import io.varve.store.backend.FileOperations;
import io.varve.store.backend.HostFileOperations;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The host's file operations, one of which fails: instead of being done, or after it was done. */
final class FailingOperations implements FileOperations {
    private final FileOperations host = new HostFileOperations();
    private final int failing;
    private final boolean afterwards;
    private int number;
    private String failed = "";

    /**
     * @param failing number of the operation that fails, from 0; -1 for none
     * @param afterwards whether it fails when it was done already, as a server's answer that got lost
     */
    FailingOperations(int failing, boolean afterwards) {
        this.failing = failing;
        this.afterwards = afterwards;
    }

    /** How many operations there were. */
    synchronized int count() {
        return number;
    }

    /** What failed, and where. */
    synchronized String failed() {
        return failed;
    }

    @FunctionalInterface
    private interface Operation {
        void run() throws IOException;
    }

    private void run(String name, Path path, Operation operation) throws IOException {
        boolean fails;
        synchronized (this) {
            fails = number++ == failing;
            if (fails) {
                failed = name + " " + path;
            }
        }
        if (!fails || afterwards) {
            operation.run();
        }
        if (fails) {
            throw new IOException("injected");
        }
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        run("createDirectory", directory, () -> host.createDirectory(directory));
    }

    @Override
    public WritableFile create(Path file) throws IOException {
        WritableFile[] created = new WritableFile[1];
        run("create", file, () -> created[0] = host.create(file));
        return new WritableFile() {
            @Override
            public void append(ByteBuffer bytes) throws IOException {
                run("append", file, () -> created[0].append(bytes));
            }

            @Override
            public void sync() throws IOException {
                run("sync", file, created[0]::sync);
            }

            @Override
            public void close() throws IOException {
                created[0].close();
            }
        };
    }

    @Override
    public void publish(Path staged, Path name) throws IOException {
        run("publish", name, () -> host.publish(staged, name));
    }

    @Override
    public void link(Path file, Path name) throws IOException {
        run("link", name, () -> host.link(file, name));
    }

    @Override
    public void delete(Path file) throws IOException {
        run("delete", file, () -> host.delete(file));
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        run("syncDirectory", directory, () -> host.syncDirectory(directory));
    }
}
