package io.varve.store.home;

import io.varve.store.backend.ProcessLock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** The place of an index, for one writer at a time. It catches up with the packs when it is used. */
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
     * Null when another writer has it.
     *
     * @param isFurther whether it is one of those for writers beside others
     */
    static IndexSlot tryAcquire(Path directory, Path lockFile, boolean isFurther) throws IOException {
        ProcessLock lock = ProcessLock.tryExclusive(lockFile);
        return lock == null ? null : new IndexSlot(directory, lock, isFurther);
    }

    /** Where the index lies, or will lie. */
    public Path directory() {
        return directory;
    }

    /** Whether it is for a writer beside others: then it is nothing unusual that there is no index yet. */
    public boolean isFurther() {
        return isFurther;
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
