package io.varve.store.check;

import io.varve.store.chunk.ChunkId;
import io.varve.store.index.Place;
import io.varve.store.session.ChunkLookup;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * All sound chunks of a repository, by id, independent of the index. Open addressing over the first 16 bytes of the id,
 * which a digest makes unique: 28 bytes a slot, two thirds of the slots used. Adding is synchronized; finding is not,
 * and only allowed when all are added.
 */
final class ChunkTable implements ChunkLookup {
    private static final int FIRST_CAPACITY = 1 << 12;

    private final List<ChunkId> packs = new ArrayList<>();
    private long[] first = new long[FIRST_CAPACITY];
    private long[] second = new long[FIRST_CAPACITY];
    private int[] pack = new int[FIRST_CAPACITY]; // number of the pack, from 1; 0 = free slot
    private int[] offset = new int[FIRST_CAPACITY];
    private int[] storedLength = new int[FIRST_CAPACITY];
    private final BitSet used = new BitSet();
    private int count;

    /** @return number to give to {@link #add} */
    synchronized int addPack(ChunkId id) {
        packs.add(id);
        return packs.size();
    }

    synchronized void add(ChunkId id, int packNumber, long frameOffset, int stored) {
        if (count >= first.length / 3 * 2) {
            grow();
        }
        int slot = slot(id.firstWord(), id.secondWord());
        if (pack[slot] == 0) {
            first[slot] = id.firstWord();
            second[slot] = id.secondWord();
            pack[slot] = packNumber;
            offset[slot] = (int) frameOffset;
            storedLength[slot] = stored;
            count++;
        }
    }

    private int slot(long a, long b) {
        int mask = first.length - 1;
        int slot = (int) (a ^ (a >>> 32)) & mask;
        while (pack[slot] != 0 && (first[slot] != a || second[slot] != b)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldFirst = first;
        long[] oldSecond = second;
        int[] oldPack = pack;
        int[] oldOffset = offset;
        int[] oldStored = storedLength;
        int capacity = Math.multiplyExact(first.length, 2);
        first = new long[capacity];
        second = new long[capacity];
        pack = new int[capacity];
        offset = new int[capacity];
        storedLength = new int[capacity];
        for (int old = 0; old < oldPack.length; old++) {
            if (oldPack[old] != 0) {
                int slot = slot(oldFirst[old], oldSecond[old]);
                first[slot] = oldFirst[old];
                second[slot] = oldSecond[old];
                pack[slot] = oldPack[old];
                offset[slot] = oldOffset[old];
                storedLength[slot] = oldStored[old];
            }
        }
    }

    @Override
    public Place find(ChunkId id) {
        int slot = slot(id.firstWord(), id.secondWord());
        return pack[slot] == 0
                ? null
                : new Place(packs.get(pack[slot] - 1), Integer.toUnsignedLong(offset[slot]), storedLength[slot]);
    }

    /**
     * Notes that some snapshot needs the chunk.
     *
     * @return whether it is there
     */
    boolean use(ChunkId id) {
        int slot = slot(id.firstWord(), id.secondWord());
        if (pack[slot] == 0) {
            return false;
        }
        used.set(slot);
        return true;
    }

    int count() {
        return count;
    }

    int unusedCount() {
        return count - used.cardinality();
    }

    /** Stored bytes of chunks that nobody used. */
    long unusedBytes() {
        long bytes = 0;
        for (int slot = 0; slot < pack.length; slot++) {
            if (pack[slot] != 0 && !used.get(slot)) {
                bytes += storedLength[slot];
            }
        }
        return bytes;
    }
}
