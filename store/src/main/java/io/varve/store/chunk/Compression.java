package io.varve.store.chunk;

/**
 * How chunks are compressed before they are stored. What does not get smaller by it is stored as it is.
 *
 * @param codec RAW, LZ4 or ZSTD
 * @param level of Zstandard, 1 to 19; 0 for the others
 */
public record Compression(Codec codec, int level) {
    /** Nothing is compressed. */
    public static final Compression NONE = new Compression(Codec.RAW, 0);

    /** The default: hardly slower than the disk. */
    public static final Compression LZ4 = new Compression(Codec.LZ4, 0);

    /** Highest level of Zstandard; those above it take memory by the hundred MiB. */
    public static final int MAX_LEVEL = 19;

    public Compression {
        boolean known = codec == Codec.ZSTD
                ? level >= 1 && level <= MAX_LEVEL
                : (codec == Codec.RAW || codec == Codec.LZ4) && level == 0;
        if (!known) {
            throw new IllegalArgumentException("no compression " + codec + " of level " + level);
        }
    }

    /** Zstandard: half the speed of LZ4 at level 1, and a fifth to a third smaller. */
    public static Compression zstd(int level) {
        return new Compression(Codec.ZSTD, level);
    }
}
