package io.varve.store.check;

import java.time.Instant;
import java.util.Optional;

/**
 * How much of a repository was read, and when, according to the records. If there are no unread packs, every byte was
 * read since {@code oldest}.
 *
 * @param packs of the repository
 * @param unreadPacks of these, packs that were never read, or were damaged when last read
 * @param unreadBytes of these
 * @param damagedPacks of these, packs that were damaged when last read
 * @param oldest oldest reading of the others; empty when there are none
 */
public record ReadCoverage(
        int packs, long bytes, int unreadPacks, long unreadBytes, int damagedPacks, Optional<Instant> oldest) {

    static ReadCoverage of(Iterable<CheckedPack> packs, ReadJournal journal, FsckOptions.Level level) {
        int count = 0;
        long bytes = 0;
        int unread = 0;
        long unreadBytes = 0;
        int damaged = 0;
        long oldest = Long.MAX_VALUE;
        for (CheckedPack pack : packs) {
            Reading reading = journal.of(pack.id);
            long soundAt = reading.soundAt(level);
            count++;
            bytes += pack.size;
            if (soundAt == 0) {
                unread++;
                unreadBytes += pack.size;
                damaged += reading.isDamaged() ? 1 : 0;
            } else {
                oldest = Math.min(oldest, soundAt);
            }
        }
        return new ReadCoverage(
                count,
                bytes,
                unread,
                unreadBytes,
                damaged,
                oldest == Long.MAX_VALUE ? Optional.empty() : Optional.of(Instant.ofEpochSecond(oldest)));
    }

    /** Whether anything was ever read. */
    public boolean isAny() {
        return unreadPacks < packs || damagedPacks > 0;
    }
}
