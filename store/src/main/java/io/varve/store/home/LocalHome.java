package io.varve.store.home;

import io.varve.store.cache.CacheDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;

/**
 * This computer's home for one repository. There is a row of places for indexes, one writer in each: the first is also
 * the readers'; further ones, for those who write beside others, lie in the user's cache directory. So does what is
 * remembered from one run to the next. Thread-safe.
 */
public final class LocalHome {
    /** More writers than this on one computer at once have to wait. */
    public static final int MOST_WRITERS = 64;

    /** Name of the first index's lock. */
    public static final String LOCK_NAME = "index.lock";

    private final UUID repositoryId;
    private final Path index;
    private final Path indexLock;
    private final boolean isShared;

    private LocalHome(UUID repositoryId, Path index, Path indexLock, boolean isShared) {
        this.repositoryId = repositoryId;
        this.index = index;
        this.indexLock = indexLock;
        this.isShared = isShared;
    }

    /**
     * Of a repository in a folder: its first index lies there, and serves all computers that share the folder.
     *
     * @param index its directory
     * @param indexLock keeps a second writer out of it
     */
    public static LocalHome besideObjects(UUID repositoryId, Path index, Path indexLock) {
        return new LocalHome(repositoryId, index, indexLock, true);
    }

    /**
     * Of a repository that this computer cannot keep an index in, or has for itself: all of it lies on this computer.
     *
     * @param directory where the first index goes
     */
    public static LocalHome onThisComputer(UUID repositoryId, Path directory) {
        return new LocalHome(repositoryId, directory.resolve("index"), directory.resolve(LOCK_NAME), false);
    }

    /** Where the first index lies, or will lie. */
    public Path index() {
        return index;
    }

    /** Whether the first index lies beside the repository's objects, so that making it means writing there. */
    public boolean indexIsShared() {
        return isShared;
    }

    /** A place for an index that no other writer has; null when all are taken. */
    public IndexSlot acquireIndex() throws IOException {
        IndexSlot slot = tryFirstIndex();
        return slot == null ? acquireFurtherIndex() : slot;
    }

    /**
     * As {@link #acquireIndex}, but never beside the repository's objects, for those who may not write there. Null when
     * all are taken.
     */
    public IndexSlot acquireIndexElsewhere() throws IOException {
        return isShared ? acquireFurtherIndex() : acquireIndex();
    }

    private IndexSlot acquireFurtherIndex() throws IOException {
        IndexSlot slot = null;
        Path others = CacheDirectory.make("index", repositoryId.toString());
        for (int number = 1; slot == null && number < MOST_WRITERS; number++) {
            slot = IndexSlot.tryAcquire(others.resolve("" + number), others.resolve(number + ".lock"), true);
        }
        return slot;
    }

    /** The first place, or null when another writer has it. */
    public IndexSlot tryFirstIndex() throws IOException {
        return IndexSlot.tryAcquire(index, indexLock, false);
    }

    /** File that remembers heads of manifests. */
    public Path headsFile() {
        return CacheDirectory.path().resolve("heads").resolve(repositoryId + ".txt");
    }

    /** File that remembers each machine's newest snapshot. */
    public Path seenFile() {
        return CacheDirectory.path().resolve("seen").resolve(repositoryId + ".json");
    }
}
