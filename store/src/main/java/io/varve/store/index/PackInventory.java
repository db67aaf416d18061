package io.varve.store.index;

import io.varve.store.backend.Backend;
import io.varve.store.chunk.ChunkId;
import io.varve.store.pack.PackListing;
import java.io.IOException;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The packs that an index knows. Each has a number, by which the entries of the index refer to it. Takes about 150
 * bytes of heap per pack.
 *
 * <p>Threading: any number of threads may read, also while one thread changes it.
 */
final class PackInventory {
    private final Map<Integer, ChunkId> packs = new ConcurrentHashMap<>();
    private final Map<ChunkId, Integer> numbers = new ConcurrentHashMap<>();
    private volatile int next; // larger than every number in use

    /** To be called by one thread at a time. */
    void add(int number, ChunkId pack) {
        packs.put(number, pack);
        next = Math.max(next, number + 1);
        numbers.put(pack, number);
    }

    /** @return the number of the pack */
    int remove(ChunkId pack) {
        int number = numbers.remove(pack);
        packs.remove(number);
        return number;
    }

    /** Returns the pack with this number, or null if there is none. */
    ChunkId pack(int number) {
        return packs.get(number);
    }

    /** Returns the number of a pack, or null if the pack is not known. */
    Integer number(ChunkId pack) {
        return numbers.get(pack);
    }

    boolean knows(ChunkId pack) {
        return numbers.containsKey(pack);
    }

    /** A copy. */
    Map<Integer, ChunkId> byNumber() {
        return Map.copyOf(packs);
    }

    /** A copy. */
    Set<ChunkId> all() {
        return Set.copyOf(numbers.keySet());
    }

    /**
     * Compares with the packs in the repository. Costs one look-up per pack, and allocates nothing for packs that both
     * sides know.
     */
    PackComparison compare(Backend backend) throws IOException {
        int listed = next; // a pack entered from here on may have been published too late to be listed
        Set<ChunkId> unknown = new HashSet<>();
        BitSet seen = new BitSet();
        PackListing.forEach(backend, id -> {
            Integer number = numbers.get(id);
            if (number == null) {
                unknown.add(id);
            } else {
                seen.set(number);
            }
        });
        Set<ChunkId> absent = new HashSet<>();
        numbers.forEach((id, number) -> {
            if (number < listed && !seen.get(number)) {
                absent.add(id);
            }
        });
        return new PackComparison(Set.copyOf(unknown), Set.copyOf(absent));
    }
}
