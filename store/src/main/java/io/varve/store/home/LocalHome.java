package io.varve.store.home;

import io.varve.store.cache.CacheDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;

/**
 * What this computer keeps for one repository. There are several places for indexes, each for one writer at a time.
 * Readers use the first. The others, for concurrent writers, are in the user's cache directory, as is what is
 * remembered from run to run. Thread-safe.
 */
public final class LocalHome {
    /** Most writers on one computer at the same time; others wait. */
    public static final int MOST_WRITERS = 64;

    /** Name of the lock of the first index. */
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
     * The home for a repository in a folder. The first index is in that folder and serves all computers that share it.
     *
     * @param index directory of the first index
     * @param indexLock lock file that keeps out a second writer
     */
    public static LocalHome besideObjects(UUID repositoryId, Path index, Path indexLock) {
        return new LocalHome(repositoryId, index, indexLock, true);
    }

    /**
     * The home for a repository in which no index can be kept: everything is on this computer.
     *
     * @param directory directory of the first index
     */
    public static LocalHome onThisComputer(UUID repositoryId, Path directory) {
        return new LocalHome(repositoryId, directory.resolve("index"), directory.resolve(LOCK_NAME), false);
    }

    /** The directory of the first index, which need not exist yet. */
    public Path index() {
        return index;
    }

    /** Whether the first index is stored next to the repository's objects, so that creating it writes there. */
    public boolean indexIsShared() {
        return isShared;
    }

    /** Returns a place for an index that no other writer has; null if all are taken. */
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

    /** Returns the first place, or null if another writer has it. */
    public IndexSlot tryFirstIndex() throws IOException {
        return IndexSlot.tryAcquire(index, indexLock, false);
    }

    /** The file that remembers heads of manifests. */
    public Path headsFile() {
        return CacheDirectory.path().resolve("heads").resolve(repositoryId + ".txt");
    }

    /** The file that remembers which snapshot each recorded job committed. */
    public Path commitsFile() {
        return CacheDirectory.path().resolve("jobs").resolve(repositoryId + ".txt");
    }

    /** The file that remembers each machine's newest snapshot. */
    public Path seenFile() {
        return CacheDirectory.path().resolve("seen").resolve(repositoryId + ".json");
    }

    /** The folder in which a source of backups notes what it has under way at its host; may not exist. */
    public Path sourceFolder(String source) {
        return CacheDirectory.path().resolve(source).resolve(repositoryId.toString());
    }
}
