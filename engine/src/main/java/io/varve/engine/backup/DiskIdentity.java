package io.varve.engine.backup;

import io.varve.engine.port.CheckpointDisk;
import io.varve.store.snapshot.DiskRecord;
import java.util.Optional;
import java.util.UUID;

/**
 * Compares what is known of a disk with the record it was paired with: name, GUID, format. Their sizes and tokens are
 * compared where the disk's mode is decided. Pure functions.
 */
final class DiskIdentity {
    private static final String RAW = "raw";

    private DiskIdentity() {}

    /** The contradiction between {@code disk} and {@code record}; empty when they agree. */
    static Optional<Doubt> doubt(CheckpointDisk disk, DiskRecord record) {
        String format = kind(disk.image().format());
        String formatBefore = kind(record.format());
        Optional<UUID> guid = disk.image().guid();
        if (format.equals(formatBefore) && !guid.equals(record.guid())) {
            // The guest can rewrite a GPT, so it alone proves nothing when no change list is used.
            boolean always =
                    !format.equals(RAW) && guid.isPresent() && record.guid().isPresent();
            String which = format.equals(RAW) ? "GPT disk GUID" : "disk GUID";
            return mismatch(which + " " + text(record.guid()), which + " " + text(guid), always, record);
        }
        if (!format.equals(formatBefore) && !(guid.isPresent() && guid.equals(record.guid()))) {
            return mismatch(
                    "a disk of format " + record.format() + " (" + record.source() + ")",
                    "one of format " + disk.image().format(),
                    false,
                    record);
        }
        if (disk.named() && record.named() && !disk.name().equals(record.name())) {
            return mismatch("the name '" + record.name() + "'", "the name '" + disk.name() + "'", false, record);
        }
        return Optional.empty();
    }

    /**
     * Whether the partition table contradicts the record. If the record has none, nothing is known: an older build may
     * have written it, or the disk had no GPT then.
     *
     * @param gptGuid of the partition table on the disk, where there is one
     */
    static Optional<Doubt> gptDoubt(Optional<UUID> gptGuid, DiskRecord record) {
        return record.gptGuid().isEmpty() || record.gptGuid().equals(gptGuid)
                ? Optional.empty()
                : mismatch("GPT disk GUID " + text(record.gptGuid()), "GPT disk GUID " + text(gptGuid), false, record);
    }

    /**
     * Whether a disk is not the one of the record: another given name, or another GUID in a format that has its own.
     */
    static boolean isAnother(CheckpointDisk now, DiskRecord before) {
        boolean otherName = now.named() && before.named() && !now.name().equals(before.name());
        boolean otherGuid = !kind(now.image().format()).equals(RAW)
                && !kind(before.format()).equals(RAW)
                && now.image().guid().isPresent()
                && before.guid().isPresent()
                && !now.image().guid().equals(before.guid());
        return otherName || otherGuid;
    }

    private static Optional<Doubt> mismatch(String expected, String found, boolean always, DiskRecord record) {
        return Optional.of(new Doubt(
                Doubt.MISMATCH,
                "expected the disk '" + record.name() + "' of the previous snapshot, with " + expected + ", found "
                        + found + ": it may be a different disk",
                always));
    }

    private static String text(Optional<UUID> guid) {
        return guid.map(UUID::toString).orElse("none");
    }

    /** The format that holds the GUID: {@code vhdx}, {@code vhd}, {@code raw}. */
    private static String kind(String format) {
        int dash = format.indexOf('-');
        return dash < 0 ? format : format.substring(0, dash);
    }
}
