package io.varve.store.check;

import io.varve.store.chunk.ChunkId;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

/**
 * The intact chunks of a repository, or of one slice of it. When they do not fit into memory, the table halves its
 * range of ids, as often as needed, and its owner makes further passes for the other slices. So it is complete for its
 * slice, whatever the size of the repository.
 *
 * <p>Eight bytes a slot, at most three quarters of the slots used: 51 bits of a salted mix of the id, beside the 8 bits
 * that chose the segment; the stored length within two per cent; whether it has the length of a whole block; whether a
 * snapshot needs it. So one in 5 × 10<sup>10</sup> missing chunks is mistaken for another one, with the next run's salt
 * a different one.
 *
 * <p>Threading: many threads may add; when all chunks have been added, many may {@link #use}.
 */
final class ChunkTable {
    private static final int SEGMENT_BITS = 8;
    private static final int SEGMENTS = 1 << SEGMENT_BITS;
    private static final int FIRST_SLOTS = 16;
    private static final int PRINT_SHIFT = 13; // behind it 1 bit for other lengths, 11 of stored length, 1 of use
    private static final int LENGTH_MASK = (1 << 11) - 1;
    private static final long USED = 1;
    private static final long ODD = 1 << 12;
    private static final VarHandle SLOTS = MethodHandles.arrayElementVarHandle(long[].class);

    private final long salt;
    private final int mostSlots; // of a segment
    private final Segment[] segments = new Segment[SEGMENTS];
    private final AtomicInteger sliceBits = new AtomicInteger();
    private int slice;

    /**
     * @param mostBytes approximate limit of heap; at least 32 KiB
     * @param salt a new one each time
     */
    ChunkTable(long mostBytes, long salt) {
        this.salt = salt;
        long slots = mostBytes / SEGMENTS / Long.BYTES;
        this.mostSlots = (int) Math.max(FIRST_SLOTS, Math.min(slots, 1 << 29));
        Arrays.setAll(segments, i -> new Segment());
    }

    /** The state of a chunk. */
    enum State {
        ABSENT,
        /** Its plaintext is as long as a block that is not a disk's last. */
        WHOLE,
        /** It has another length. */
        ODD
    }

    /**
     * Adds a chunk if it belongs to the slice.
     *
     * @param whole whether its plaintext is as long as a block that is not a disk's last; one such copy is enough
     */
    void add(ChunkId id, int storedLength, boolean whole) {
        segment(id).add(print(id) << PRINT_SHIFT | (whole ? 0 : ODD) | (long) shortened(storedLength) << 1);
    }

    /** The number of slices, once everything was added for the first one. */
    int settle() {
        for (Segment segment : segments) {
            segment.narrow();
        }
        return 1 << sliceBits.get();
    }

    /** Empties the table for another slice, of about the size of the first. */
    void begin(int nextSlice) {
        slice = nextSlice;
        for (Segment segment : segments) {
            segment.clear();
        }
    }

    /** Whether the chunk belongs to the slice. */
    boolean covers(ChunkId id) {
        return isInSlice(print(id));
    }

    /** Notes that some snapshot needs a chunk of the slice. */
    State use(ChunkId id) {
        return segment(id).use(print(id));
    }

    /** Chunks of the slice. */
    long count() {
        return Arrays.stream(segments).mapToLong(segment -> segment.count).sum();
    }

    /** Chunks that no snapshot needs. */
    long unusedCount() {
        return unused().count();
    }

    /** Stored bytes of these, within two per cent. */
    long unusedBytes() {
        return unused().map(slot -> lengthened((int) (slot >>> 1) & LENGTH_MASK))
                .sum();
    }

    private LongStream unused() {
        return Arrays.stream(segments)
                .flatMapToLong(segment -> Arrays.stream(segment.slots))
                .filter(slot -> slot != 0 && (slot & USED) == 0);
    }

    private Segment segment(ChunkId id) {
        return segments[(int) (mix(id.secondWord() + salt) >>> Long.SIZE - SEGMENT_BITS)];
    }

    /** Never 0, which is a free slot. */
    private long print(ChunkId id) {
        return Math.max(1, mix(id.firstWord() ^ salt) >>> PRINT_SHIFT);
    }

    private boolean isInSlice(long print) {
        return (print & (1L << sliceBits.get()) - 1) == slice;
    }

    /** Six leading bits of a length, rounded, and how many more there are. */
    private static int shortened(int length) {
        int shift = Math.max(0, Integer.SIZE - Integer.numberOfLeadingZeros(length) - 6);
        int rounded = length + (1 << shift >>> 1) >>> shift;
        return rounded == 64 ? shift + 1 << 6 | 32 : shift << 6 | rounded;
    }

    private static long lengthened(int shortened) {
        return (long) (shortened & 63) << (shortened >>> 6);
    }

    /** The finalizer of SplitMix64. */
    static long mix(long z) {
        long a = (z ^ z >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        long b = (a ^ a >>> 27) * 0x94D0_49BB_1331_11EBL;
        return b ^ b >>> 31;
    }

    /** A part of the table that has its own lock and grows by itself, so that growing takes little memory. */
    private final class Segment {
        private long[] slots = new long[FIRST_SLOTS];
        private int count;
        private int bits; // narrowed to this many bits of slice

        synchronized void add(long entry) {
            while (isInSlice(entry >>> PRINT_SHIFT)) {
                if (count < slots.length - slots.length / 4) {
                    insert(entry);
                    return;
                }
                if (slots.length < mostSlots) {
                    rebuild(Math.min(2 * slots.length, mostSlots));
                } else if (slice > 0) {
                    rebuild(slots.length + slots.length / 4); // the number of slices is settled
                } else {
                    sliceBits.compareAndSet(bits, bits + 1);
                    narrow();
                }
            }
        }

        /** Drops entries that no longer belong to the slice. */
        synchronized void narrow() {
            if (bits < sliceBits.get()) {
                bits = sliceBits.get();
                rebuild(slots.length);
            }
        }

        synchronized void clear() {
            bits = sliceBits.get();
            Arrays.fill(slots, 0);
            count = 0;
        }

        private void rebuild(int capacity) {
            long[] old = slots;
            slots = new long[capacity];
            count = 0;
            for (long entry : old) {
                if (entry != 0 && isInSlice(entry >>> PRINT_SHIFT)) {
                    insert(entry);
                }
            }
        }

        private void insert(long entry) {
            int slot = find(entry >>> PRINT_SHIFT);
            if (slots[slot] == 0) {
                slots[slot] = entry;
                count++;
            } else if ((entry & ODD) == 0) {
                slots[slot] &= ~ODD;
            }
        }

        /** Where the entry is, or would be: its upper 32 bits choose the slot, the lower ones the slice. */
        private int find(long print) {
            int slot = (int) ((print >>> Long.SIZE - PRINT_SHIFT - Integer.SIZE) * slots.length >>> Integer.SIZE);
            while (slots[slot] != 0 && slots[slot] >>> PRINT_SHIFT != print) {
                slot = slot + 1 == slots.length ? 0 : slot + 1;
            }
            return slot;
        }

        State use(long print) {
            int slot = find(print);
            if (slots[slot] == 0) {
                return State.ABSENT;
            }
            if ((slots[slot] & USED) == 0) {
                SLOTS.getAndBitwiseOr(slots, slot, USED);
            }
            return (slots[slot] & ODD) == 0 ? State.WHOLE : State.ODD;
        }
    }
}
