package io.varve.store.trash;

import io.varve.store.chunk.ChunkId;
import java.util.List;

/**
 * A list in the trash: packs that collection found nothing needed in. What becomes of it is the business of
 * {@link CondemnedLists}.
 *
 * @param name of the object that the list has in force, also while it is proposed
 * @param packs what is condemned, rescued ones left out
 * @param bytes of all of them
 * @param snapshots forgotten ones whose manifests lay in the trash then; they go when the packs go
 */
public record CondemnedPacks(String name, List<ChunkId> packs, long bytes, List<String> snapshots) {
    /**
     * Most packs of one list, which has to fit in a JSON file that is read again. The next collection finds the rest.
     */
    public static final int MOST = 100_000;

    public CondemnedPacks {
        packs = List.copyOf(packs);
        snapshots = List.copyOf(snapshots);
    }
}
