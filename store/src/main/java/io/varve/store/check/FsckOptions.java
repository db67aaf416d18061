package io.varve.store.check;

import io.varve.store.snapshot.SeenSnapshots;
import java.time.Clock;
import java.util.Optional;

/**
 * How to check.
 *
 * @param level how deep to look
 * @param choice which packs are read at the deeper levels
 * @param threads readers of packs and map pages
 * @param rate at which packs are read
 * @param memory bytes of heap for the tables of chunks and map pages; with more chunks than fit, the references are
 *     gone through several times
 * @param seen what this computer remembers of the repository's snapshots
 * @param clock dates what is read
 */
public record FsckOptions(
        Level level,
        PackChoice choice,
        int threads,
        ReadRate rate,
        long memory,
        Optional<SeenSnapshots> seen,
        Clock clock) {

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
        if (threads < 1) {
            throw new IllegalArgumentException("threads " + threads);
        }
    }

    /** All packs, as fast as it goes, with half of the heap. */
    public static FsckOptions of(Level level, int threads) {
        return new FsckOptions(
                level,
                PackChoice.ALL,
                threads,
                ReadRate.unlimited(),
                Runtime.getRuntime().maxMemory() / 2,
                Optional.empty(),
                Clock.systemUTC());
    }

    public FsckOptions choose(PackChoice chosen) {
        return new FsckOptions(level, chosen, threads, rate, memory, seen, clock);
    }

    public FsckOptions rate(ReadRate limit) {
        return new FsckOptions(level, choice, threads, limit, memory, seen, clock);
    }

    public FsckOptions memory(long bytes) {
        return new FsckOptions(level, choice, threads, rate, bytes, seen, clock);
    }

    public FsckOptions seen(SeenSnapshots remembered) {
        return new FsckOptions(level, choice, threads, rate, memory, Optional.of(remembered), clock);
    }

    public FsckOptions clock(Clock other) {
        return new FsckOptions(level, choice, threads, rate, memory, seen, other);
    }
}
