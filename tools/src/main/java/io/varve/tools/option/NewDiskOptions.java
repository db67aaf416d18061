package io.varve.tools.option;

import io.varve.adapters.file.PartialFile;
import io.varve.adapters.raw.RawTarget;
import io.varve.adapters.vhd.NewVhd;
import io.varve.adapters.vhd.VhdTarget;
import io.varve.adapters.vhdx.write.NewParent;
import io.varve.adapters.vhdx.write.NewVhdx;
import io.varve.adapters.vhdx.write.VhdxDifferenceTarget;
import io.varve.adapters.vhdx.write.VhdxTarget;
import io.varve.engine.port.ByteTarget;
import io.varve.engine.port.DiskTarget;
import io.varve.store.snapshot.DiskRecord;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine.Option;

/** Options for the new file of a restored disk. */
public final class NewDiskOptions {
    private static final int SMALL_SECTOR = 512;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            converter = RestoreFormat.Converter.class,
            completionCandidates = RestoreFormat.Words.class,
            description =
                    "${COMPLETION-CANDIDATES}. Default: by the extension of FILE, .vhdx or .vhd;" + " otherwise raw.")
    private RestoreFormat format;

    @Option(
            names = "--force",
            description = "Replace FILE if it exists, once the new file is complete. With --in-place: write to"
                    + " FILE even if it is mounted or in use.")
    private boolean force;

    @Option(names = "--new-id", description = "Give the VHDX or VHD a new disk GUID.")
    private boolean newId;

    @Option(
            names = "--block-size",
            paramLabel = "SIZE",
            description = "Block size of a VHDX, 1MiB to 256MiB (default 32MiB; 2MiB if fixed or"
                    + " differencing), or of a VHD, 512KiB or 2MiB (default).")
    private Long blockSize;

    @Option(
            names = "--logical-sector-size",
            paramLabel = "BYTES",
            description = "Logical sector size of a VHDX, 512 or 4096. Default: that of the disk. With another"
                    + " size, a guest may not find its partitions.")
    private Integer logicalSectorSize;

    @Option(
            names = "--physical-sector-size",
            paramLabel = "BYTES",
            description = "Physical sector size of a VHDX, 512 or 4096. Default: that of the disk.")
    private Integer physicalSectorSize;

    public RestoreFormat format(Path file) {
        return format(file.toString());
    }

    /** @param name of the new file: a path or URL */
    public RestoreFormat format(String name) {
        return format == null ? RestoreFormat.of(name) : format;
    }

    /** Whether a format was given. */
    public boolean hasFormat() {
        return format != null;
    }

    public boolean force() {
        return force;
    }

    /**
     * Returns the options that ask for a new file of some kind; empty if none was given. {@code --force} is not one.
     */
    public Optional<String> given() {
        if (format != null && format != RestoreFormat.RAW) {
            return Optional.of("--format " + format.word());
        }
        if (newId) {
            return Optional.of("--new-id");
        }
        return blockSize != null || logicalSectorSize != null || physicalSectorSize != null
                ? Optional.of("--block-size or a sector size")
                : Optional.empty();
    }

    /** Returns the logical sector size of the new file; empty if its format does not record one. */
    public Optional<Integer> logicalSectorSize(Path file, DiskRecord disk) {
        return switch (format(file)) {
            case RAW -> Optional.empty();
            case VHD, VHD_FIXED -> Optional.of(SMALL_SECTOR);
            case VHDX, VHDX_FIXED ->
                Optional.of(logicalSectorSize == null ? disk.logicalSectorSize() : logicalSectorSize);
        };
    }

    /** Makes a new file. */
    @FunctionalInterface
    public interface Creation {
        DiskTarget create() throws IOException;
    }

    /** @param contentGuid identity of the content, if it is known to be the snapshot's */
    public DiskTarget create(Path file, DiskRecord disk, Optional<UUID> contentGuid) throws IOException {
        return plan(file, disk, contentGuid).create();
    }

    /** As {@link #create}, but checks the options only. */
    public Creation plan(Path file, DiskRecord disk, Optional<UUID> contentGuid) throws IOException {
        return plan(file.toString(), sparse -> PartialFile.create(file, force, sparse), disk, contentGuid);
    }

    /**
     * As {@link #plan(Path, DiskRecord, Optional)}, wherever the file will be.
     *
     * @param name of the file, for messages and the format
     */
    public Creation plan(String name, ByteTarget.Maker maker, DiskRecord disk, Optional<UUID> contentGuid)
            throws IOException {
        RestoreFormat wanted = format(name);
        if (!wanted.isVhdx() && (logicalSectorSize != null || physicalSectorSize != null)) {
            throw new UsageException("a " + wanted.word() + " has no sector sizes to choose");
        }
        switch (wanted) {
            case RAW:
                if (blockSize != null || newId) {
                    throw new UsageException("a raw file has no blocks and no id");
                }
                return () -> RawTarget.create(maker, disk.size());
            case VHDX:
                NewVhdx dynamic = shaped(NewVhdx.ofSize(disk.size()), disk, contentGuid);
                return () -> VhdxTarget.create(name, maker, dynamic);
            case VHDX_FIXED:
                NewVhdx fixed = shaped(NewVhdx.ofSize(disk.size()).asFixed(), disk, contentGuid);
                return () -> VhdxTarget.create(name, maker, fixed);
            case VHD:
                NewVhd dynamicVhd = shapedVhd(NewVhd.ofSize(disk.size()), disk);
                return () -> VhdTarget.create(name, maker, dynamicVhd);
            case VHD_FIXED:
                NewVhd fixedVhd = shapedVhd(NewVhd.ofSize(disk.size()).asFixed(), disk);
                return () -> VhdTarget.create(name, maker, fixedVhd);
        }
        throw new IllegalStateException("all formats are listed");
    }

    private NewVhd shapedVhd(NewVhd base, DiskRecord disk) throws UsageException {
        NewVhd shape = base.withLogicalSectorSize(disk.logicalSectorSize());
        if (blockSize != null && shape.fixed()) {
            throw new UsageException("a fixed VHD has no blocks");
        }
        if (blockSize != null) {
            shape = shape.withBlockSize((int) Math.min(Integer.MAX_VALUE, blockSize));
        }
        return newId || disk.guid().isEmpty()
                ? shape
                : shape.withUniqueId(disk.guid().get());
    }

    /** Creates a file with only what differs from {@code parent}. */
    public DiskTarget createDifference(Path file, DiskRecord disk, Optional<UUID> contentGuid, NewParent parent)
            throws IOException {
        if (format(file) != RestoreFormat.VHDX) {
            throw new UsageException("a difference is written as VHDX: name FILE .avhdx or .vhdx and omit --format");
        }
        if (newId || logicalSectorSize != null) {
            throw new UsageException("a difference takes its id and logical sector size from its parent");
        }
        NewVhdx shape = shaped(NewVhdx.ofSize(disk.size()).asChildOf(parent), disk, contentGuid);
        return VhdxDifferenceTarget.create(file, shape, force);
    }

    private NewVhdx shaped(NewVhdx base, DiskRecord disk, Optional<UUID> contentGuid) {
        NewVhdx shape = base.withSectorSizes(
                logicalSectorSize == null ? disk.logicalSectorSize() : logicalSectorSize,
                physicalSectorSize == null ? disk.physicalSectorSize() : physicalSectorSize);
        if (blockSize != null) {
            shape = shape.withBlockSize((int) Math.min(Integer.MAX_VALUE, blockSize));
        }
        if (!newId && disk.guid().isPresent()) {
            shape = shape.withDiskId(disk.guid().get());
        }
        return contentGuid.isPresent() ? shape.withDataWriteGuid(contentGuid.get()) : shape;
    }
}
