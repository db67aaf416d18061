package io.varve.tools.document;

import java.time.Instant;
import java.util.Optional;

@Says("How much of the packs was read, and how recently.")
public record ReadCoverageEntry(
        @Says("Packs there are") int packCount,
        @Says("Their size, in bytes") long packBytes,
        @Says("Packs that were never read") int unreadPackCount,
        @Says("Size of those, in bytes") long unreadBytes,
        @Says("Packs that were damaged when last read") int damagedPackCount,

        @Says("All packs that were read were read since then; absent if none was read")
        Optional<Instant> oldestReadAt,

        @Says("The same in whole days before now, rounded up; absent if none was read")
        Optional<Long> withinDays) {}
