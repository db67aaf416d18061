package io.varve.store.session;

import io.varve.store.Repository;
import io.varve.store.index.ChunkIndex;
import io.varve.store.index.DamagedIndexException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Brings the index up to date with the packs. Only for the holder of the {@link WriterLock}. */
public final class IndexMaintenance {
    private IndexMaintenance() {}

    /**
     * Opens the index for writing, made anew if it is missing or damaged, in agreement with the packs that are there.
     */
    public static ChunkIndex open(Repository repository, Consumer<String> notices) throws IOException {
        Path directory = repository.indexDirectory();
        boolean isNew = !ChunkIndex.exists(directory);
        ChunkIndex index;
        try {
            index = ChunkIndex.openForWriting(directory, repository.config().repositoryId());
            catchUp(index, repository, isNew, notices);
        } catch (DamagedIndexException e) {
            notices.accept(e.getMessage() + " — made again from the packs now");
            return rebuild(repository, notices);
        }
        return index;
    }

    /** Throws the index away and makes it again from the footers of the packs. */
    public static ChunkIndex rebuild(Repository repository, Consumer<String> notices) throws IOException {
        ChunkIndex.delete(repository.indexDirectory());
        ChunkIndex index = ChunkIndex.openForWriting(
                repository.indexDirectory(), repository.config().repositoryId());
        catchUp(index, repository, true, notices);
        return index;
    }

    private static void catchUp(ChunkIndex index, Repository repository, boolean isNew, Consumer<String> notices)
            throws IOException {
        try {
            ChunkIndex.CatchUp found = index.catchUp(repository.backend(), (done, total) -> {});
            if (isNew && found.packsAdded() > 0) {
                notices.accept("index was missing: made from " + found.packsAdded() + " packs");
            }
            found.packsVanished()
                    .forEach(pack -> notices.accept("pack " + pack.hex() + " has vanished from the repository:"
                            + " what it held is read from the disks again where they still have it; run 'varve fsck'"));
            found.unreadablePacks().forEach(e -> notices.accept("unreadable pack: " + e.getMessage()));
        } catch (IOException | RuntimeException e) {
            index.close();
            throw e;
        }
    }
}
