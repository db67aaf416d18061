package io.varve.adapters.hyperv;

import io.varve.engine.port.Changes;
import io.varve.engine.port.Previous;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What is to be exported. An export is of a whole machine, so it is differential only if each of its disks can be: one
 * that was added, or whose history is in doubt, makes it full.
 *
 * @param disks of the checkpoint that can be exported
 * @param base what a differential export starts from
 * @param why it is full, where it is
 * @param snapshotId of the previous snapshot
 */
record ExportPlan(List<Disk> disks, Optional<ReferencePoint> base, Changes.Unknown why, String snapshotId) {
    private static final Changes.Unknown FIRST =
            new Changes.Unknown(Changes.NO_TRACKING, "the machine has no earlier snapshot: exported in full");

    /**
     * A disk.
     *
     * @param bytes of its files on the host, at most those of the disk
     * @param changed as the host lists it; empty where no list is available
     */
    record Disk(CheckpointedDisk frozen, UUID id, long bytes, Optional<RangeSet> changed) {}

    private static final long BLOCK = 2 << 20;

    ExportPlan {
        disks = List.copyOf(disks);
    }

    static ExportPlan of(HyperV host, DiskReading.Frozen frozen) throws IOException {
        Optional<Previous.Night> night = frozen.previous().newest();
        Changes.Unknown why = night.isEmpty() ? FIRST : null;
        List<Disk> disks = new ArrayList<>();
        for (CheckpointedDisk disk : host.disks(frozen.checkpoint())) {
            DiskSettings settings = host.settings(disk.file());
            if (settings.isSet()) {
                continue; // not included; a warning elsewhere says so
            }
            UUID id = settings.id()
                    .orElseThrow(() -> new IOException(disk.file() + ": is not a VHDX, and exported files of other"
                            + " formats cannot be matched to their disks; read the machine in another way"
                            + " (--read)"));
            Optional<RangeSet> changed = Optional.empty();
            if (why == null) {
                Changes list = list(host, frozen, disk, settings, night.orElseThrow());
                if (list instanceof Changes.Known known) {
                    changed = Optional.of(known.ranges());
                } else {
                    why = (Changes.Unknown) list;
                }
            }
            disks.add(new Disk(disk, id, bytes(host, disk, settings), changed));
        }
        String snapshotId = night.map(Previous.Night::snapshotId).orElse("");
        return why == null
                ? new ExportPlan(disks, frozen.base().point(), new Changes.Unknown("", ""), snapshotId)
                : new ExportPlan(disks, Optional.empty(), why, snapshotId);
    }

    private static Changes list(
            HyperV host, DiskReading.Frozen frozen, CheckpointedDisk disk, DiskSettings settings, Previous.Night night)
            throws IOException {
        try {
            return asked(host, frozen, disk, settings, night);
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            return new Changes.Unknown("change-tracking-failed", "the change tracking failed: " + e.getMessage());
        }
    }

    private static Changes asked(
            HyperV host, DiskReading.Frozen frozen, CheckpointedDisk disk, DiskSettings settings, Previous.Night night)
            throws IOException {
        List<Previous.Disk> before = night.disks().stream()
                .filter(found -> found.id().equals(settings.id()) && found.size() == settings.size())
                .toList();
        if (before.size() != 1 || before.get(0).token().isEmpty()) {
            return new Changes.Unknown(
                    Changes.NO_TRACKING,
                    disk.file() + " is not in the previous snapshot, has another size there, or has no change id");
        }
        String token = before.get(0).token().get();
        Optional<Changes.Unknown> refusal = frozen.base().refusal(host, disk, token);
        return refusal.isPresent() ? refusal.get() : new HostTracker(host, disk, settings.size()).changesSince(token);
    }

    private static long bytes(HyperV host, CheckpointedDisk disk, DiskSettings settings) throws IOException {
        long total = 0;
        for (String file : HostChain.of(host, disk.file())) {
            total += host.fileSize(file);
        }
        return Math.min(total, settings.size());
    }

    /** The same without a base. */
    ExportPlan full(String code, String reason) {
        return full(new Changes.Unknown(code, reason));
    }

    ExportPlan full(Changes.Unknown because) {
        return new ExportPlan(disks, Optional.empty(), because, snapshotId);
    }

    boolean isDifferential() {
        return base.isPresent();
    }

    /** What it will need, in bytes. */
    long bytes() {
        return disks.stream()
                .mapToLong(disk -> isDifferential() ? inBlocks(disk.changed().orElseThrow()) : disk.bytes())
                .sum();
    }

    /** A differencing disk holds whole blocks of this size, however little of each changed. */
    private static long inBlocks(RangeSet changed) {
        RangeSet.Builder blocks = new RangeSet.Builder();
        for (Range range : changed) {
            blocks.add(range.offset() / BLOCK * BLOCK, (range.endOffset() + BLOCK - 1) / BLOCK * BLOCK);
        }
        return blocks.build().totalLength();
    }

    Disk disk(CheckpointedDisk wanted) throws IOException {
        return disks.stream()
                .filter(disk -> disk.frozen().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new IOException(wanted.file() + ": appeared after the export was planned"));
    }
}
