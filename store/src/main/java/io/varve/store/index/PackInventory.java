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
 * The packs that an index knows, each under a number that its entries name it by. On the heap, about 150 bytes a pack.
 *
 * <p>Threading: looking from many threads, also while another one changes it.
 */
final class PackInventory {
    private final Map<Integer, ChunkId> packs = new ConcurrentHashMap<>();
    private final Map<ChunkId, Integer> numbers = new ConcurrentHashMap<>();
    private volatile int next; // above every number

    /** From one thread at a time. */
    void add(int number, ChunkId pack) {
        packs.put(number, pack);
        next = Math.max(next, number + 1);
        numbers.put(pack, number);
    }

    /** @return the number that it had */
    int remove(ChunkId pack) {
        int number = numbers.remove(pack);
        packs.remove(number);
        return number;
    }

    /** Null when no pack has this number. */
    ChunkId pack(int number) {
        return packs.get(number);
    }

    /** Null when the pack is not known. */
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
     * Compares with the packs that are there. Costs a look into a table for each, and builds nothing of those that both
     * sides know.
     */
    PackComparison compare(Backend backend) throws IOException {
        int listed = next; // a pack that enters from here on may have been published after it would have been listed
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
