package io.varve.store.session;

import io.varve.store.Repository;
import io.varve.store.coordination.RepositoryBusyException;
import io.varve.store.fault.Count;
import io.varve.store.home.IndexSlot;
import io.varve.store.index.ChunkIndex;
import io.varve.store.index.DamagedIndexException;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/** Brings an index up to date with the packs. */
public final class IndexMaintenance {
    /** Vanished packs that are reported one by one. */
    private static final int TOLD = 20;

    private IndexMaintenance() {}

    /**
     * Opens the index in {@code slot} for writing and brings it up to date with the packs. A missing or damaged index
     * is rebuilt.
     */
    static ChunkIndex open(Repository repository, IndexSlot slot, Consumer<String> notices) throws IOException {
        boolean wasLost = !slot.isFurther() && !ChunkIndex.exists(slot.directory());
        try {
            ChunkIndex index = ChunkIndex.openForWriting(
                    slot.directory(), repository.config().repositoryId());
            catchUp(index, repository, wasLost, (done, total) -> {}, notices);
            return index;
        } catch (DamagedIndexException e) {
            notices.accept(e.getMessage() + " — rebuilding it from the packs");
            return rebuild(repository, slot, (done, total) -> {}, notices);
        }
    }

    private static ChunkIndex rebuild(
            Repository repository, IndexSlot slot, ChunkIndex.PackProgress progress, Consumer<String> notices)
            throws IOException {
        ChunkIndex.delete(slot.directory());
        ChunkIndex index =
                ChunkIndex.openForWriting(slot.directory(), repository.config().repositoryId());
        catchUp(index, repository, false, progress, notices); // why it is rebuilt is known
        return index;
    }

    /**
     * Waits until no session writes, then discards the repository's own index and rebuilds it from the pack footers.
     *
     * @param patience how long to wait
     * @param progress may throw an exception to stop; the next session then enters the packs that are left
     */
    public static Rebuilt rebuild(
            Repository repository, Duration patience, ChunkIndex.PackProgress progress, Consumer<String> notices)
            throws IOException {
        // An index on this computer concerns nobody elsewhere.
        Closeable alone = repository.home().indexIsShared()
                ? WriterLock.alone(repository, "rebuild-index", patience, notices)
                : () -> {};
        try (alone;
                IndexSlot slot = repository.home().tryFirstIndex()) {
            if (slot == null) {
                throw new RepositoryBusyException(repository.location(), "a reader that is building the index");
            }
            try (ChunkIndex index = rebuild(repository, slot, progress, notices)) {
                index.finishMerging();
                return new Rebuilt(index.packs().size(), index.estimatedChunks());
            }
        }
    }

    /** Totals of a rebuilt index. */
    public record Rebuilt(int packs, long chunks) {}

    private static void catchUp(
            ChunkIndex index,
            Repository repository,
            boolean wasLost,
            ChunkIndex.PackProgress progress,
            Consumer<String> notices)
            throws IOException {
        try {
            ChunkIndex.CatchUp found = index.catchUp(repository.backend(), progress);
            if (wasLost && found.packsAdded() > 0) {
                notices.accept("index was missing: rebuilt from " + Count.of(found.packsAdded(), "pack"));
            }
            found.packsVanished().stream()
                    .limit(TOLD)
                    .forEach(pack -> notices.accept("pack " + pack.hex() + " is missing from the"
                            + " repository: what it held will be read from the disks again, if they still have"
                            + " it; run 'varve fsck'"));
            found.packsAltered().stream()
                    .limit(TOLD)
                    .forEach(pack -> notices.accept("pack " + pack.pack().hex() + " is "
                            + Count.of(pack.found(), "byte") + " long instead of " + pack.expected()
                            + ": what it held will be read from the disks again, if they still have it; run 'varve"
                            + " fsck', and 'varve repair' for what it still holds"));
            found.unreadablePacks().forEach(e -> notices.accept("unreadable pack: " + e.getMessage()));
            int others = Math.max(0, found.packsVanished().size() - TOLD)
                    + Math.max(0, found.packsAltered().size() - TOLD)
                    + found.unreadable()
                    - found.unreadablePacks().size();
            if (others > 0) {
                notices.accept(Count.of(others, "more pack is missing or damaged", "more packs are missing or damaged")
                        + "; 'varve fsck' lists them");
            }
        } catch (IOException | RuntimeException e) {
            index.close();
            throw e;
        }
    }
}
