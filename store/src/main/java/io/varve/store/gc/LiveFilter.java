package io.varve.store.gc;

import io.varve.store.chunk.ChunkId;

/**
 * The needed chunks, in two bytes of heap per chunk: a Bloom filter over the ids, which are digests and so serve as
 * their own hashes. It never says no for a chunk that was added. For other chunks it says yes about once in 1,700; with
 * another salt these are different chunks, so what is kept by mistake is deleted in a later run.
 *
 * <p>One thread adds; after that, any number of threads may query.
 */
final class LiveFilter implements ChunkSink {
    private static final int BITS_PER_CHUNK = 16;
    private static final int PROBES = 8;

    /** 128 KiB, since the estimate is poor for small repositories. */
    private static final long LEAST_WORDS = 1 << 14;

    private final long[] words;
    private final long bits;
    private final long salt;
    /**
     * @param expected approximate number of chunks that will be added; more of them cause more errors, always towards
     *     keeping
     */
    LiveFilter(long expected, long salt) {
        this.words = new long[Math.toIntExact(Math.max(LEAST_WORDS, expected * BITS_PER_CHUNK / Long.SIZE + 1))];
        this.bits = (long) words.length * Long.SIZE;
        this.salt = salt;
    }

    @Override
    public void add(ChunkId id) {
        long step = step(id);
        long hash = first(id);
        for (int probe = 0; probe < PROBES; probe++) {
            long bit = Math.floorMod(hash, bits);
            words[(int) (bit / Long.SIZE)] |= 1L << bit;
            hash += step;
        }
    }

    boolean mayHave(ChunkId id) {
        long step = step(id);
        long hash = first(id);
        for (int probe = 0; probe < PROBES; probe++) {
            long bit = Math.floorMod(hash, bits);
            if ((words[(int) (bit / Long.SIZE)] & 1L << bit) == 0) {
                return false;
            }
            hash += step;
        }
        return true;
    }

    private long first(ChunkId id) {
        return mix(id.firstWord() ^ salt);
    }

    private long step(ChunkId id) {
        return mix(id.secondWord() + salt) | 1;
    }

    /** The finalizer of SplitMix64. */
    private static long mix(long z) {
        long a = (z ^ z >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        long b = (a ^ a >>> 27) * 0x94D0_49BB_1331_11EBL;
        return b ^ b >>> 31;
    }
}
