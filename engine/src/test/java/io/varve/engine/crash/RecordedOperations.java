package io.varve.engine.crash;

import io.varve.store.backend.FileOperations;
import io.varve.store.backend.HostFileOperations;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Carries file operations out and remembers them, in the order in which they were finished. Thread-safe. */
final class RecordedOperations implements FileOperations {
    /** One operation; paths are relative to the root. */
    sealed interface Operation {
        record CreateDirectory(Path directory) implements Operation {}

        record Create(Path file) implements Operation {}

        record Append(Path file, List<Byte> bytes) implements Operation {}

        record Sync(Path file) implements Operation {}

        record Publish(Path staged, Path name) implements Operation {}

        record Link(Path file, Path name) implements Operation {}

        record Delete(Path file) implements Operation {}

        record SyncDirectory(Path directory) implements Operation {}
    }

    private final Path root;
    private final FileOperations host = new HostFileOperations();
    private final List<Operation> operations = new ArrayList<>();

    RecordedOperations(Path root) {
        this.root = root;
    }

    synchronized List<Operation> operations() {
        return List.copyOf(operations);
    }

    private synchronized void add(Operation operation) {
        operations.add(operation);
    }

    private Path relative(Path path) {
        return root.relativize(path);
    }

    @Override
    public synchronized void createDirectory(Path directory) throws IOException {
        host.createDirectory(directory);
        add(new Operation.CreateDirectory(relative(directory)));
    }

    @Override
    public synchronized WritableFile create(Path file) throws IOException {
        WritableFile opened = host.create(file);
        add(new Operation.Create(relative(file)));
        return new WritableFile() {
            @Override
            public void append(ByteBuffer bytes) throws IOException {
                List<Byte> copy = new ArrayList<>(bytes.remaining());
                for (int i = bytes.position(); i < bytes.limit(); i++) {
                    copy.add(bytes.get(i));
                }
                synchronized (RecordedOperations.this) {
                    opened.append(bytes);
                    add(new Operation.Append(relative(file), copy));
                }
            }

            @Override
            public void sync() throws IOException {
                synchronized (RecordedOperations.this) {
                    opened.sync();
                    add(new Operation.Sync(relative(file)));
                }
            }

            @Override
            public void close() throws IOException {
                opened.close();
            }
        };
    }

    @Override
    public synchronized void publish(Path staged, Path name) throws IOException {
        host.publish(staged, name);
        add(new Operation.Publish(relative(staged), relative(name)));
    }

    @Override
    public synchronized void link(Path file, Path name) throws IOException {
        host.link(file, name);
        add(new Operation.Link(relative(file), relative(name)));
    }

    @Override
    public synchronized void delete(Path file) throws IOException {
        host.delete(file);
        add(new Operation.Delete(relative(file)));
    }

    @Override
    public synchronized void syncDirectory(Path directory) throws IOException {
        host.syncDirectory(directory);
        add(new Operation.SyncDirectory(relative(directory)));
    }
}
