package io.varve.store.check;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The packs that are read at the deeper levels. Packs that were never read, or were damaged when last read, come first;
 * then those that were not read for the longest time.
 *
 * @param percent of the repository's bytes at most
 * @param sinceLast only packs that no check has found intact at this level, or that were damaged since
 * @param within only packs that no check has found intact at this level within that time
 */
public record PackChoice(double percent, boolean sinceLast, Optional<Duration> within) {
    /** All packs. */
    public static final PackChoice ALL = new PackChoice(100, false, Optional.empty());

    public PackChoice {
        if (!(percent > 0 && percent <= 100)) {
            throw new IllegalArgumentException("a percentage above 0, up to 100, not " + percent);
        }
    }

    List<CheckedPack> choose(Iterable<CheckedPack> packs, ReadJournal journal, FsckOptions.Level level, Instant now) {
        long latest = within.map(now::minus).map(Instant::getEpochSecond).orElse(Long.MAX_VALUE);
        long total = 0;
        List<CheckedPack> due = new ArrayList<>();
        for (CheckedPack pack : packs) {
            total += pack.size;
            long soundAt = journal.of(pack.id).soundAt(level);
            if (soundAt == 0 || !sinceLast && soundAt < latest) {
                due.add(pack);
            }
        }
        due.sort(Comparator.comparingLong(
                        (CheckedPack pack) -> journal.of(pack.id).soundAt(level))
                .thenComparing(pack -> pack.id));
        double budget = total * percent / 100;
        List<CheckedPack> chosen = new ArrayList<>();
        long bytes = 0;
        for (CheckedPack pack : due) {
            if (bytes >= budget) {
                break;
            }
            chosen.add(pack);
            bytes += pack.size;
        }
        return chosen;
    }
}
