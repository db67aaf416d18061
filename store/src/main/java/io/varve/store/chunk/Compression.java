package io.varve.store.chunk;

/**
 * How chunks are compressed before they are stored. A chunk that hardly shrinks is stored uncompressed.
 *
 * @param codec RAW, LZ4 or ZSTD
 * @param level Zstandard level, 1 to 19; 0 for the other codecs
 */
public record Compression(Codec codec, int level) {
    /** No compression. */
    public static final Compression NONE = new Compression(Codec.RAW, 0);

    /** The default. Fast enough that the source disk remains the bottleneck. */
    public static final Compression LZ4 = new Compression(Codec.LZ4, 0);

    /** Highest Zstandard level accepted. Higher ones need hundreds of MiB of memory. */
    public static final int MAX_LEVEL = 19;

    public Compression {
        boolean known = codec == Codec.ZSTD
                ? level >= 1 && level <= MAX_LEVEL
                : (codec == Codec.RAW || codec == Codec.LZ4) && level == 0;
        if (!known) {
            throw new IllegalArgumentException("no compression " + codec + " of level " + level);
        }
    }

    /** Zstandard. At level 1 it runs at half the speed of LZ4, and its output is a fifth to a third smaller. */
    public static Compression zstd(int level) {
        return new Compression(Codec.ZSTD, level);
    }
}
