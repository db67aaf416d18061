package io.varve.store.check;

/**
 * @param level how deep to look
 * @param percent share of the packs that are read at the deeper levels, 0 to 100, chosen at random
 * @param seed of that choice
 * @param threads readers of packs
 */
public record FsckOptions(Level level, double percent, long seed, int threads) {
    /** Each level includes those before it. */
    public enum Level {
        /** Names, framing, references. Reads footers, map pages and manifests. */
        STRUCTURE,
        /** Reads every stored byte and compares its hash. */
        READ_DATA,
        /** Decompresses every chunk and computes its id. */
        DEEP
    }

    public FsckOptions {
        if (!(percent >= 0 && percent <= 100) || threads < 1) {
            throw new IllegalArgumentException("percent " + percent + ", threads " + threads);
        }
    }
}
