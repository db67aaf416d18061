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
 * The packs that an index knows, each under the number that the index's entries use for it. Takes about 170 bytes of
 * heap per pack.
 *
 * <p>Threading: many threads may read, also while one thread changes it.
 */
final class PackInventory {
    /** Length of a pack whose length was not recorded, as by earlier builds. */
    static final long UNKNOWN_LENGTH = 0;

    private final Map<Integer, ChunkId> packs = new ConcurrentHashMap<>();
    private final Map<ChunkId, Known> known = new ConcurrentHashMap<>();
    private volatile int next; // greater than every number in use

    private record Known(int number, long length) {}

    /**
     * Adds a pack. Called by one thread at a time.
     *
     * @param length of the pack in bytes, or {@link #UNKNOWN_LENGTH}
     */
    void add(int number, ChunkId pack, long length) {
        packs.put(number, pack);
        next = Math.max(next, number + 1);
        known.put(pack, new Known(number, length));
    }

    /** Removes a pack and returns its number. */
    int remove(ChunkId pack) {
        int number = known.remove(pack).number();
        packs.remove(number);
        return number;
    }

    /** Returns the pack with this number, or null. */
    ChunkId pack(int number) {
        return packs.get(number);
    }

    /** Returns the number of a pack, or null if it is not known. */
    Integer number(ChunkId pack) {
        Known found = known.get(pack);
        return found == null ? null : found.number();
    }

    /** Returns the length of a known pack in bytes, or {@link #UNKNOWN_LENGTH}. */
    long length(ChunkId pack) {
        return known.get(pack).length();
    }

    boolean knows(ChunkId pack) {
        return known.containsKey(pack);
    }

    /** Returns a copy of all packs by number. */
    Map<Integer, ChunkId> byNumber() {
        return Map.copyOf(packs);
    }

    /** Returns a copy of all ids. */
    Set<ChunkId> all() {
        return Set.copyOf(known.keySet());
    }

    /**
     * Compares with the names of the packs that exist. Takes one hash table look-up per pack, and allocates nothing for
     * packs that both sides know.
     */
    PackComparison compare(Backend backend) throws IOException {
        return compare(visitor -> PackListing.forEach(backend, pack -> visitor.accept(pack, -1)));
    }

    /** As {@link #compare}, and also compares lengths. */
    PackComparison compareLengths(Backend backend) throws IOException {
        return compare(visitor -> PackListing.forEachLength(backend, visitor));
    }

    /** Calls a visitor with each pack and its length; a negative length means that it was not read. */
    @FunctionalInterface
    private interface Listing {
        void list(ObjLongConsumer<ChunkId> visitor) throws IOException;
    }

    private PackComparison compare(Listing present) throws IOException {
        int listed = next; // a pack added after this line may have been published too late to be listed
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
