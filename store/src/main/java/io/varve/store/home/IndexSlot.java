package io.varve.store.home;

import io.varve.store.backend.ProcessLock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** A place for an index, used by one writer at a time. The index is brought up to date when it is opened. */
public final class IndexSlot implements Closeable {
    private final Path directory;
    private final ProcessLock lock;

    private IndexSlot(Path directory, ProcessLock lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /** Returns null if another writer has it. */
    static IndexSlot tryAcquire(Path directory, Path lockFile) throws IOException {
        ProcessLock lock = ProcessLock.tryExclusive(lockFile);
        return lock == null ? null : new IndexSlot(directory, lock);
    }

    /** The directory of the index, which need not exist yet. */
    public Path directory() {
        return directory;
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
