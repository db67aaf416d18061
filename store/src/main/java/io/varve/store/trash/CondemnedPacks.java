package io.varve.store.trash;

import io.varve.store.chunk.ChunkId;
import java.util.List;

/**
 * A list of condemned packs, in which collection found nothing that is needed. {@link CondemnedLists} defines its life.
 *
 * @param name name of the object that holds the list when it is in force, also while it is only proposed
 * @param packs the condemned packs, without rescued ones
 * @param bytes total size of the packs
 * @param snapshots forgotten snapshots whose manifests were in the trash when the list was made; they are deleted with
 *     the packs
 */
public record CondemnedPacks(String name, List<ChunkId> packs, long bytes, List<String> snapshots) {
    /** Most packs on one list, which limits the size of its JSON file. The next collection finds the rest. */
    public static final int MOST = 100_000;

    public CondemnedPacks {
        packs = List.copyOf(packs);
        snapshots = List.copyOf(snapshots);
    }
}
