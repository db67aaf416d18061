package io.varve.store.index;

import io.varve.store.backend.Backend;
import io.varve.store.chunk.ChunkId;
import io.varve.store.pack.PackListing;
import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ObjLongConsumer;

/**
 * The packs that an index knows, each under a number that its entries name it by. On the heap, about 170 bytes a pack.
 *
 * <p>Threading: looking from many threads, also while another one changes it.
 */
final class PackInventory {
    /** Length of a pack of which an earlier build recorded none. */
    static final long UNKNOWN_LENGTH = 0;

    private final Map<Integer, ChunkId> packs = new ConcurrentHashMap<>();
    private final Map<ChunkId, Known> known = new ConcurrentHashMap<>();
    private volatile int next; // above every number

    private record Known(int number, long length) {}

    /**
     * From one thread at a time.
     *
     * @param length of the pack in bytes, or {@link #UNKNOWN_LENGTH}
     */
    void add(int number, ChunkId pack, long length) {
        packs.put(number, pack);
        next = Math.max(next, number + 1);
        known.put(pack, new Known(number, length));
    }

    /** @return the number that it had */
    int remove(ChunkId pack) {
        int number = known.remove(pack).number();
        packs.remove(number);
        return number;
    }

    /** Null when no pack has this number. */
    ChunkId pack(int number) {
        return packs.get(number);
    }

    /** Null when the pack is not known. */
    Integer number(ChunkId pack) {
        Known found = known.get(pack);
        return found == null ? null : found.number();
    }

    /** Length in bytes of a known pack, or {@link #UNKNOWN_LENGTH}. */
    long length(ChunkId pack) {
        return known.get(pack).length();
    }

    boolean knows(ChunkId pack) {
        return known.containsKey(pack);
    }

    /** A copy. */
    Map<Integer, ChunkId> byNumber() {
        return Map.copyOf(packs);
    }

    /** A copy. */
    Set<ChunkId> all() {
        return Set.copyOf(known.keySet());
    }

    /**
     * Compares with the names of the packs that are there. Costs a look into a table for each, and builds nothing of
     * those that both sides know.
     */
    PackComparison compare(Backend backend) throws IOException {
        return compare(visitor -> PackListing.forEach(backend, pack -> visitor.accept(pack, -1)));
    }

    /** As {@link #compare}, with lengths. */
    PackComparison compareLengths(Backend backend) throws IOException {
        return compare(visitor -> PackListing.forEachLength(backend, visitor));
    }

    /** Tells of each pack and its length; a negative one stands for any. */
    @FunctionalInterface
    private interface Listing {
        void list(ObjLongConsumer<ChunkId> visitor) throws IOException;
    }

    private PackComparison compare(Listing present) throws IOException {
        int listed = next; // a pack that enters from here on may have been published after it would have been listed
        Set<ChunkId> unknown = new HashSet<>();
        Map<ChunkId, Long> otherLength = new HashMap<>();
        BitSet seen = new BitSet();
        present.list((id, length) -> {
            Known found = known.get(id);
            if (found == null) {
                unknown.add(id);
            } else {
                seen.set(found.number());
                if (length >= 0 && length != found.length()) {
                    otherLength.put(id, length);
                }
            }
        });
        Set<ChunkId> absent = new HashSet<>();
        known.forEach((id, pack) -> {
            if (pack.number() < listed && !seen.get(pack.number())) {
                absent.add(id);
            }
        });
        return new PackComparison(Set.copyOf(unknown), Set.copyOf(absent), Map.copyOf(otherLength));
    }
}
