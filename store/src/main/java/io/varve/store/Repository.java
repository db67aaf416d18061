package io.varve.store;

import io.varve.store.backend.Backend;
import io.varve.store.backend.LocalBackend;
import io.varve.store.backend.ObjectWriter;
import io.varve.store.snapshot.SnapshotCatalog;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** An open repository: its configuration, its objects, its snapshots. Thread-safe. */
public final class Repository implements Closeable {
    private static final int MAX_CONFIG_SIZE = 1 << 20;

    private final Path root;
    private final Backend backend;
    private final RepositoryConfig config;
    private final SnapshotCatalog snapshots;

    private Repository(Path root, Backend backend, RepositoryConfig config) {
        this.root = root;
        this.backend = backend;
        this.config = config;
        this.snapshots = new SnapshotCatalog(backend);
    }

    /**
     * Makes a repository in {@code root}, which is created if missing and otherwise must be empty.
     *
     * @throws NotARepositoryException when the directory holds something already
     */
    public static Repository init(Path root, RepositoryConfig config) throws IOException {
        if (Files.exists(root) && !Files.isDirectory(root)) {
            throw new NotARepositoryException(root + ": expected a directory, found a file; name a new directory");
        }
        Files.createDirectories(root);
        try (var entries = Files.list(root)) {
            if (entries.findAny().isPresent()) {
                boolean repository = Files.exists(root.resolve(RepositoryConfig.OBJECT));
                throw new NotARepositoryException(root + ": expected an empty directory, found "
                        + (repository ? "a repository; nothing was changed" : "other files; name a new directory"));
            }
        }
        return init(root, new LocalBackend(root), config);
    }

    /** Makes a repository in an empty backend. */
    public static Repository init(Path root, Backend backend, RepositoryConfig config) throws IOException {
        for (String directory : new String[] {"packs", "snapshots", "sessions"}) {
            Files.createDirectories(root.resolve(directory));
        }
        try (ObjectWriter object = backend.create()) {
            object.append(ByteBuffer.wrap(config.encode()));
            object.publish(RepositoryConfig.OBJECT);
        } catch (FileAlreadyExistsException e) {
            throw new NotARepositoryException(root + ": expected an empty directory, found a repository");
        }
        return new Repository(root, backend, config);
    }

    /**
     * @throws NotARepositoryException when there is none in {@code root}
     * @throws UnsupportedRepositoryException when it is of a newer format
     * @throws CorruptDataException when its configuration is damaged
     */
    public static Repository open(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            throw new NotARepositoryException(root + ": expected a repository, found "
                    + (Files.exists(root) ? "a file" : "nothing") + "; check the path, or make one with 'varve init'");
        }
        return open(root, new LocalBackend(root));
    }

    /** Opens the repository in {@code backend}. */
    public static Repository open(Path root, Backend backend) throws IOException {
        String name = RepositoryConfig.OBJECT;
        try {
            long size = backend.size(name);
            if (size > MAX_CONFIG_SIZE) {
                throw new CorruptDataException(name, -1, "at most 1 MiB", size + " bytes");
            }
            byte[] file = new byte[(int) size];
            backend.read(name, 0, ByteBuffer.wrap(file));
            return new Repository(root, backend, RepositoryConfig.decode(file, name));
        } catch (NoSuchFileException e) {
            throw new NotARepositoryException(root + ": expected a repository, found no " + name
                    + "; check the path, or make one with 'varve init'");
        } catch (EOFException e) {
            throw new CorruptDataException(name, -1, "the whole file", "its end");
        }
    }

    /** Directory on this computer that belongs to the repository. */
    public Path root() {
        return root;
    }

    public Backend backend() {
        return backend;
    }

    public RepositoryConfig config() {
        return config;
    }

    public SnapshotCatalog snapshots() {
        return snapshots;
    }

    /** Where the index lies. */
    public Path indexDirectory() {
        return root.resolve("index");
    }

    @Override
    public void close() throws IOException {
        backend.close();
    }
}
