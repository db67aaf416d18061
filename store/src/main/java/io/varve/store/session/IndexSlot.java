package io.varve.store.session;

import io.varve.store.Repository;
import io.varve.store.backend.ProcessLock;
import io.varve.store.cache.CacheDirectory;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The place of an index, for one writer at a time: the first is in the repository, further ones, for those who write
 * beside others, in this computer's cache directory. All are caches; each catches up with the packs when it is used.
 */
final class IndexSlot implements Closeable {
    /** More writers than this on one computer at once have to wait. */
    private static final int MOST = 64;

    /** In {@code sessions/}, of the index in the repository. */
    static final String LOCK_FILE = "index.lock";

    private final Path directory;
    private final ProcessLock lock;

    private IndexSlot(Path directory, ProcessLock lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /** The first that is free. */
    static IndexSlot acquire(Repository repository) throws IOException {
        IndexSlot slot = tryFirst(repository);
        Path others = slot != null
                ? null
                : CacheDirectory.make(
                        "index", repository.config().repositoryId().toString());
        for (int number = 1; slot == null && number < MOST; number++) {
            slot = tryAcquire(others.resolve("" + number), others.resolve(number + ".lock"));
        }
        if (slot == null) {
            throw new RepositoryBusyException(repository.root().toString(), MOST + " writers on this computer");
        }
        return slot;
    }

    /** The one in the repository, or null when another writer has it. */
    static IndexSlot tryFirst(Repository repository) throws IOException {
        return tryAcquire(
                repository.indexDirectory(),
                repository.root().resolve("sessions").resolve(LOCK_FILE));
    }

    private static IndexSlot tryAcquire(Path directory, Path lockFile) throws IOException {
        ProcessLock lock = ProcessLock.tryExclusive(lockFile);
        return lock == null ? null : new IndexSlot(directory, lock);
    }

    Path directory() {
        return directory;
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
