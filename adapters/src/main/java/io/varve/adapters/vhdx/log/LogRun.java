package io.varve.adapters.vhdx.log;

import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.util.UUID;

/**
 * Entries of the log that follow each other without gaps, both in position and in sequence number (MS-VHDX 2.3.2).
 *
 * @param first oldest entry
 * @param head newest entry
 * @param length total length of the entries, at most that of the ring
 */
record LogRun(LogEntry first, LogEntry head, long length) {
    /**
     * Finds the active run: among the runs whose head has its tail in the same run, the one with the largest sequence
     * number. Only entries from that tail to the head have to be replayed. Earlier ones are in the file already, and
     * replaying them could overwrite newer data.
     *
     * <p>Valid entries never overlap, so a run cannot reach its own beginning, even if it fills the ring.
     *
     * @throws CorruptDataException if there is no such run
     */
    static LogRun active(LogRing ring, UUID guid, String location, long logOffset) throws IOException {
        LogRun opening = null;
        LogRun best = null;
        LogRun current = null;
        for (long position = 0; position < ring.length(); ) {
            LogEntry entry = LogEntry.read(ring, position, guid);
            if (entry == null) {
                position += LogEntry.SECTOR;
                continue;
            }
            if (current != null && current.isFollowedBy(entry, ring)) {
                current = new LogRun(current.first, entry, current.length + entry.length());
            } else {
                // The first run may continue one that began before the end of the ring, so it is judged last.
                if (opening == null) {
                    opening = current;
                } else {
                    best = better(best, current, ring, guid);
                }
                current = new LogRun(entry, entry, entry.length());
            }
            position += entry.length();
        }
        if (current != null && opening != null && current.isFollowedBy(opening.first, ring)) {
            current = new LogRun(current.first, opening.head, current.length + opening.length);
        } else {
            best = better(best, opening, ring, guid);
        }
        best = better(best, current, ring, guid);
        if (best == null) {
            throw new CorruptDataException(
                    location,
                    logOffset,
                    "a log with entries to replay, as the header names the log " + guid,
                    "no complete run of entries of that log; the state of the file is unknown");
        }
        return best;
    }

    private boolean isFollowedBy(LogEntry entry, LogRing ring) {
        return entry.sequence() == head.sequence() + 1
                && entry.position() == (head.position() + head.length()) % ring.length();
    }

    private static LogRun better(LogRun best, LogRun run, LogRing ring, UUID guid) throws IOException {
        boolean better = run != null
                && (best == null || Long.compareUnsigned(run.head.sequence(), best.head.sequence()) > 0)
                && run.hasEntryAt(run.head.tail(), ring, guid);
        return better ? run : best;
    }

    private boolean hasEntryAt(long position, LogRing ring, UUID guid) throws IOException {
        return Math.floorMod(position - first.position(), ring.length()) < length
                && LogEntry.read(ring, position, guid) != null;
    }
}
