package io.varve.store.index;

import io.varve.store.chunk.ChunkId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Packs that cannot be read, and why. Exceptions are large: of a hundred thousand, the heap would be full. */
final class UnreadablePacks {
    private static final int KEPT = 20;

    private final List<IOException> first = new ArrayList<>();
    private final Set<ChunkId> packs = new HashSet<>();

    void add(ChunkId pack, IOException e) {
        packs.add(pack);
        if (first.size() < KEPT) {
            first.add(e);
        }
    }

    /** What is wrong with the first ones. */
    List<IOException> first() {
        return List.copyOf(first);
    }

    Set<ChunkId> packs() {
        return packs;
    }
}
