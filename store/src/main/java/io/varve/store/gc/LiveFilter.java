package io.varve.store.gc;

import io.varve.store.chunk.ChunkId;

/**
 * Which chunks are needed, in two bytes of heap a chunk: a Bloom filter over the ids, which are digests and so their
 * own hashes. It never says no of a chunk that was added. Of others it says yes about once in 1,700, with another salt
 * of others: what is kept by mistake goes in a later run.
 *
 * <p>One thread adds; then any number may ask.
 */
final class LiveFilter implements ChunkSink {
    private static final int BITS_PER_CHUNK = 16;
    private static final int PROBES = 8;

    /** 128 KiB: small repositories are estimated badly. */
    private static final long LEAST_WORDS = 1 << 14;

    private final long[] words;
    private final long bits;
    private final long salt;
    /** @param expected how many chunks will be added, about; more make it err more often, always to the safe side */
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
