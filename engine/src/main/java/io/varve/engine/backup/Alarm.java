package io.varve.engine.backup;

import io.varve.store.snapshot.DiskRecord;
import java.util.List;
import java.util.Optional;

/**
 * A disk that lost content since the machine's previous snapshot in an unusual way: the file was truncated, emptied, or
 * replaced by a blank one. The backup holds the source's present content; earlier snapshots may be all that is left of
 * the disk.
 *
 * @param code {@link #SHRUNK}, {@link #EMPTY} or {@link #ALL_ZERO}; for scripts, never changed
 * @param disk its name
 * @param message for the operator: what was there before, what is there now
 */
public record Alarm(String code, String disk, String message) {
    /** Smaller than in the previous snapshot. */
    public static final String SHRUNK = "disk-shrunk";

    /** 0 bytes. */
    public static final String EMPTY = "disk-empty";

    /** As large as before or larger, and nothing but zeros in it. */
    public static final String ALL_ZERO = "disk-all-zero";

    /** In the previous snapshot, not among tonight's disks, and not said to be gone. */
    public static final String MISSING = "disk-missing";

    private static final String WHAT_TO_DO = "; older snapshots still have its content";

    /**
     * The alarm for {@code now}; empty on an ordinary night. A pure function.
     *
     * @param pair the record it was paired with
     * @param before all disks of the previous snapshot: a disk that lost its content has also lost the identity in it,
     *     so without a pair the disk of the same name is used
     */
    static Optional<Alarm> of(Optional<DiskRecord> pair, List<DiskRecord> before, DiskRecord now) {
        return pair.or(() -> before.stream()
                        .filter(record -> record.name().equals(now.name()))
                        .findFirst())
                .flatMap(record -> of(record, now));
    }

    /** For a disk of the previous snapshot that has no pair and no namesake tonight. */
    static Alarm missing(DiskRecord before) {
        return new Alarm(
                MISSING,
                before.name(),
                "disk " + before.name() + " (" + before.source() + ", " + before.size() + " bytes) of"
                        + " the previous snapshot is missing from this backup" + WHAT_TO_DO + "; if the"
                        + " machine no longer has it, give --gone " + before.name());
    }

    private static Optional<Alarm> of(DiskRecord before, DiskRecord now) {
        String disk = "disk " + now.name() + " (" + now.source() + ")";
        if (before.size() > 0 && now.size() == 0) {
            return alarm(EMPTY, now, disk + " is empty: 0 bytes, " + before.size() + " in the previous snapshot");
        }
        boolean lostContent = now.mapRoot().isZero() && !before.mapRoot().isZero();
        String zeros = lostContent ? ", and is all zeros" : "";
        if (now.size() < before.size()) {
            return alarm(
                    SHRUNK,
                    now,
                    disk + " shrank: " + now.size() + " bytes, " + before.size() + " in the previous snapshot" + zeros);
        }
        return lostContent
                ? alarm(ALL_ZERO, now, disk + " is all zeros, unlike in the previous snapshot")
                : Optional.empty();
    }

    private static Optional<Alarm> alarm(String code, DiskRecord disk, String message) {
        return Optional.of(new Alarm(code, disk.name(), message + WHAT_TO_DO));
    }
}
