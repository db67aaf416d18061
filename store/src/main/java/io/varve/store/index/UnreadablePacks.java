package io.varve.store.index;

import io.varve.store.chunk.ChunkId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The packs that a comparison could not read. For one thread. */
final class UnreadablePacks {
    /** Failures that are kept. They are large: those of a hundred thousand packs would fill the heap. */
    private static final int KEPT = 20;

    private final List<IOException> first = new ArrayList<>();
    private final Set<ChunkId> packs = new HashSet<>();
    private int count;

    void add(ChunkId pack, IOException e) {
        packs.add(pack);
        count++;
        if (first.size() < KEPT) {
            first.add(e);
        }
    }

    /** The first failures. */
    List<IOException> first() {
        return first;
    }

    /** All of them; not to be changed. */
    Set<ChunkId> packs() {
        return packs;
    }

    int count() {
        return count;
    }
}
