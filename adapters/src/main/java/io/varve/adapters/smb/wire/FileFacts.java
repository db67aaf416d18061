package io.varve.adapters.smb.wire;

import java.time.Instant;
import java.util.Optional;

/**
 * What a server says about a file.
 *
 * @param created FILETIME: units of 100 ns since 1601; so are the other times
 * @param written when content was written last; some servers update it late
 * @param changed when content or attributes were changed last; a writer cannot set it back
 * @param size in bytes
 */
public record FileFacts(long created, long written, long changed, long size, int attributes) {
    private static final int FOLDER = 0x10;
    private static final int LINK = 0x400;

    /** Offline, recalled when opened or read, and reparse points (MS-FSCC 2.6). */
    private static final int ELSEWHERE = 0x1000 | 0x4_0000 | 0x40_0000 | LINK;

    /** Seconds from 1601 to 1970. */
    private static final long EPOCH = 11_644_473_600L;

    private static final long UNITS = 10_000_000L;

    public boolean isFolder() {
        return (attributes & FOLDER) != 0;
    }

    /** Whether it is a symbolic link or another reparse point. */
    public boolean isLink() {
        return (attributes & LINK) != 0;
    }

    /**
     * Whether its content may lie elsewhere, as with tiered storage or deduplication: what is allocated here says
     * nothing about it then.
     */
    public boolean isElsewhere() {
        return (attributes & ELSEWHERE) != 0;
    }

    /** A FILETIME as a point in time; empty for those that mean that there is none. */
    public static Optional<Instant> instant(long time) {
        return time <= 0
                ? Optional.empty()
                : Optional.of(Instant.ofEpochSecond(time / UNITS - EPOCH, time % UNITS * 100));
    }
}
