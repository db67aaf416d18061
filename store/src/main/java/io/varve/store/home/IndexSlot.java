package io.varve.store.home;

import io.varve.store.backend.ProcessLock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** A place for an index, held by one writer at a time. The index there is brought up to date when it is used. */
public final class IndexSlot implements Closeable {
    private final Path directory;
    private final ProcessLock lock;
    private final boolean isFurther;

    private IndexSlot(Path directory, ProcessLock lock, boolean isFurther) {
        this.directory = directory;
        this.lock = lock;
        this.isFurther = isFurther;
    }

    /**
     * Takes a place, or returns null if another writer holds it.
     *
     * @param isFurther whether this is a place for concurrent writers, not the first index
     */
    static IndexSlot tryAcquire(Path directory, Path lockFile, boolean isFurther) throws IOException {
        ProcessLock lock = ProcessLock.tryExclusive(lockFile);
        return lock == null ? null : new IndexSlot(directory, lock, isFurther);
    }

    /** The directory of the index, which need not exist yet. */
    public Path directory() {
        return directory;
    }

    /** Whether this is a place for concurrent writers. There, a missing index is normal and not reported. */
    public boolean isFurther() {
        return isFurther;
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
