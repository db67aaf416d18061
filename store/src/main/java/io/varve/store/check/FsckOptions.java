package io.varve.store.check;

import io.varve.store.snapshot.SeenSnapshots;
import java.time.Clock;
import java.util.Optional;

/**
 * Options of a check.
 *
 * @param level how deep the check goes
 * @param choice which packs are read at the deeper levels
 * @param threads readers of packs and map pages
 * @param rate at which packs are read
 * @param memory bytes of heap for the tables of chunks and map pages; if the chunks do not fit, the references are
 *     checked in several passes
 * @param seen this computer's memory of the repository's snapshots
 * @param clock gives the times of readings
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

    /** All packs, without a rate limit, with half of the heap. */
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
