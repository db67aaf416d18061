package io.varve.tools.command;

import io.varve.engine.port.TargetException;
import io.varve.engine.range.Range;
import io.varve.engine.restore.SnapshotImage;
import io.varve.store.fault.Reason;
import io.varve.store.session.ReadSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import io.varve.tools.document.RestorePlanDocument;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.Output;
import io.varve.tools.output.Printable;
import io.varve.tools.output.WarningCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What a restore of a disk would do. */
final class RestorePlan {
    private static final long WINDOW = 1L << 30;

    private final Path target;
    private final boolean inPlace;
    private final DiskRecord disk;
    private final Output output;

    RestorePlan(Path target, boolean inPlace, DiskRecord disk, Output output) {
        this.target = target;
        this.inPlace = inPlace;
        this.disk = disk;
        this.output = output;
    }

    /**
     * Shows it, when everything else was checked. Reads the block map, and no blocks.
     *
     * @param before the disk's state that the target's parent holds; null unless a difference is written
     */
    void show(Snapshot snapshot, String format, DiskRecord before, ReadSession session) throws IOException {
        long data = dataBytes(session);
        Optional<Long> free = inPlace ? Optional.empty() : Optional.of(freeBytes());
        output.line(
                "would restore disk %s of %s to %s (%s): %s, of which %s are not zeros",
                Printable.name(disk.name()),
                snapshot.id(),
                target,
                format,
                ByteSize.text(disk.size()),
                ByteSize.text(data));
        boolean whole = format.endsWith("-fixed");
        if (free.isPresent() && before == null && free.get() < (whole ? disk.size() : data)) {
            output.warning(
                    WarningCode.TARGET_SPACE,
                    target + ": expected room for " + ByteSize.text(whole ? disk.size() : data) + ", found "
                            + ByteSize.text(free.get()) + " on its file system");
        }
        output.line("dry run: options and target were checked, nothing was written");
        output.document(() -> new RestorePlanDocument(
                true, snapshot.id().text(), disk.name(), target.toString(), format, disk.size(), data, free));
    }

    private long dataBytes(ReadSession session) throws IOException {
        long data = 0;
        try (SnapshotImage image = new SnapshotImage(session, disk, disk.name())) {
            for (long offset = 0; offset < disk.size(); offset += WINDOW) {
                data += image.allocated(new Range(offset, Math.min(WINDOW, disk.size() - offset)))
                        .totalLength();
            }
        }
        return data;
    }

    private long freeBytes() throws TargetException {
        Path folder = target.toAbsolutePath().getParent();
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            throw new TargetException(folder + ": " + Reason.of(e), e);
        }
    }
}
