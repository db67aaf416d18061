package io.varve.tools.output;

import io.varve.adapters.raw.ExistingRawDisk;
import io.varve.store.snapshot.DiskRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Warnings about the target of a restore, given before anything is written to it. */
public final class TargetWarnings {
    /** The sector size with which files are attached by default. */
    private static final int USUAL = 512;

    private final Output output;
    private final Path target;
    private final DiskRecord disk;

    public TargetWarnings(Output output, Path target, DiskRecord disk) {
        this.output = output;
        this.target = target;
        this.disk = disk;
    }

    /** @param users who uses the target, which is written to anyway, in words */
    public void ofExisting(List<String> users, ExistingRawDisk opened) {
        if (!users.isEmpty()) {
            output.warning(
                    WarningCode.TARGET_IN_USE,
                    target + ": is being written to while in use: " + String.join("; ", users));
        }
        if (opened.tailLength() > 0) {
            output.warning(
                    WarningCode.TARGET_LARGER,
                    target + ": is larger than the disk: " + opened.tailLength() + " bytes of"
                            + " old data remain after offset " + opened.size() + " (and the backup GPT is not"
                            + " at its end)");
        }
        opened.sectorSizes()
                .filter(sectors -> sectors.logical() != disk.logicalSectorSize())
                .ifPresent(sectors -> output.warning(WarningCode.SECTOR_SIZE, otherSectors(sectors.logical())));
    }

    /** @param users who uses the file that will be replaced, in words */
    public void ofReplaced(List<String> users) {
        if (!users.isEmpty()) {
            output.warning(
                    WarningCode.TARGET_IN_USE,
                    target + ": is being replaced while in use: " + String.join("; ", users)
                            + ". Its user keeps the old, now nameless file, and what it writes there will be"
                            + " lost");
        }
    }

    /**
     * Other sectors than the disk's are the operator's choice here, so it is no warning.
     *
     * @param logicalSectorSize of the file's format; empty where it has none
     */
    public void ofNewFile(Optional<Integer> logicalSectorSize) {
        if (logicalSectorSize.isPresent() && logicalSectorSize.get() != disk.logicalSectorSize()) {
            output.notice(otherSectors(logicalSectorSize.get()));
        } else if (logicalSectorSize.isEmpty() && disk.logicalSectorSize() != USUAL) {
            output.notice(target + ": a raw file cannot record the disk's sector"
                    + " size of " + disk.logicalSectorSize() + " bytes; set it where you attach the"
                    + " file (losetup --sector-size, QEMU logical_block_size)");
        }
    }

    private String otherSectors(int logical) {
        return target + ": has sectors of " + logical + " bytes, the disk had sectors of " + disk.logicalSectorSize()
                + ": its partitions and file systems may not be found";
    }
}
