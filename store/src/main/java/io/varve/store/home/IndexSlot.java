package io.varve.store.home;

import io.varve.store.backend.ProcessLock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** The place of an index, for one writer at a time. It catches up with the packs when it is used. */
public final class IndexSlot implements Closeable {
    private final Path directory;
    private final ProcessLock lock;

    private IndexSlot(Path directory, ProcessLock lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /** Null when another writer has it. */
    static IndexSlot tryAcquire(Path directory, Path lockFile) throws IOException {
        ProcessLock lock = ProcessLock.tryExclusive(lockFile);
        return lock == null ? null : new IndexSlot(directory, lock);
    }

    /** Where the index lies, or will lie. */
    public Path directory() {
        return directory;
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
