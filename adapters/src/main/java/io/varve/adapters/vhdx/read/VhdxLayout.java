package io.varve.adapters.vhdx.read;

import io.varve.adapters.file.UnsupportedImageException;
import io.varve.adapters.vhdx.format.Faults;
import io.varve.adapters.vhdx.format.Region;
import io.varve.adapters.vhdx.format.RegionTable;
import io.varve.adapters.vhdx.format.VhdxFault;
import io.varve.adapters.vhdx.format.VhdxFormat;
import io.varve.adapters.vhdx.format.VhdxHeader;
import io.varve.engine.port.ByteSource;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Where in a file everything except payload blocks is. It is checked: nothing overlaps, nothing is outside the file,
 * and nothing unknown is required.
 *
 * @param bat the region of the block allocation table
 * @param metadata the metadata region
 * @param occupied the log and all regions, including unknown ones: no block may overlap them
 */
public record VhdxLayout(Region bat, Region metadata, List<Region> occupied) {
    /** Stands for the log in messages about overlaps. The log is in the header, not in the region table. */
    private static final UUID LOG = new UUID(0, 0x6C6F67);

    /**
     * @param source the file, its log replayed if it had one
     * @param log the place of the log, as returned by {@link #log}
     * @throws UnsupportedImageException if the file requires something that Varve does not know
     * @throws CorruptDataException for any other fault
     */
    static VhdxLayout read(ByteSource source, Optional<Region> log) throws IOException {
        RegionTable table = RegionTable.read(source);
        String location = source.location();
        List<Region> occupied = occupied(location, table, log, Faults.REFUSE);
        return new VhdxLayout(
                region(location, table, VhdxFormat.BAT_REGION, Faults.REFUSE).orElseThrow(),
                region(location, table, VhdxFormat.METADATA_REGION, Faults.REFUSE)
                        .orElseThrow(),
                occupied);
    }

    /** Returns the required region with this id; empty if it is missing, which is reported to {@code faults}. */
    public static Optional<Region> region(String location, RegionTable table, UUID id, Faults faults)
            throws IOException {
        for (Region region : table.regions()) {
            if (region.id().equals(id)) {
                if (!region.required()) {
                    faults.found(
                            VhdxFault.REGION_NOT_REQUIRED,
                            () -> new CorruptDataException(
                                    location,
                                    region.entryOffset() + 28,
                                    "the " + region.name() + " region marked as required",
                                    "not"));
                }
                return Optional.of(region);
            }
        }
        faults.found(
                VhdxFault.REGION_MISSING,
                () -> new CorruptDataException(
                        location,
                        table.offset(),
                        "a BAT and a metadata region",
                        "no " + (id.equals(VhdxFormat.BAT_REGION) ? "BAT" : "metadata") + " region"));
        return Optional.empty();
    }

    /** Returns the log and all regions by offset. Overlaps are reported to {@code faults}. */
    public static List<Region> occupied(String location, RegionTable table, Optional<Region> log, Faults faults)
            throws IOException {
        List<Region> occupied = new ArrayList<>(table.regions());
        log.ifPresent(occupied::add);
        for (Region region : table.regions()) {
            if (region.id().equals(VhdxFormat.BAT_REGION) || region.id().equals(VhdxFormat.METADATA_REGION)) {
                continue;
            }
            faults.found(
                    region.required() ? VhdxFault.REGION_UNKNOWN_REQUIRED : VhdxFault.REGION_UNKNOWN,
                    () -> new UnsupportedImageException(
                            location,
                            region.entryOffset(),
                            "the file has a region " + region.id()
                                    + (region.required()
                                            ? " that must be understood to read it and is unknown"
                                            : " that is not known here and need not be")));
        }
        checkOverlaps(location, occupied, faults);
        return List.copyOf(occupied);
    }

    /**
     * Returns the place of the log, inside the file; empty if the header names none and needs none.
     *
     * @param header the current one; its values are checked here
     * @throws UnsupportedImageException if the file or its log has another version
     * @throws CorruptDataException if the log is outside the file or missing
     */
    public static Optional<Region> log(ByteSource source, VhdxHeader header) throws IOException {
        return log(source, header, Faults.REFUSE);
    }

    /**
     * As {@link #log(ByteSource, VhdxHeader)}; also empty if the place is wrong, which is reported to {@code faults}.
     */
    public static Optional<Region> log(ByteSource source, VhdxHeader header, Faults faults) throws IOException {
        String location = source.location();
        if (header.version() != VhdxFormat.VERSION) {
            faults.found(
                    VhdxFault.HEADER_VERSION,
                    () -> new UnsupportedImageException(
                            location,
                            header.offset() + 66,
                            "expected VHDX version " + VhdxFormat.VERSION + ", found " + header.version()));
        }
        if (header.hasLog() && header.logLength() == 0) {
            faults.found(
                    VhdxFault.LOG_MISSING,
                    () -> new CorruptDataException(
                            location, header.offset() + 68, "a log, since its GUID is set", "length 0"));
        }
        if (header.hasLog() && header.logVersion() != 0) {
            faults.found(
                    VhdxFault.LOG_VERSION,
                    () -> new UnsupportedImageException(
                            location, header.offset() + 64, "expected log version 0, found " + header.logVersion()));
        }
        if (header.logLength() == 0) {
            return Optional.empty();
        }
        long offset = header.logOffset();
        long length = header.logLength();
        boolean aligned = offset >= VhdxFormat.ALIGNMENT
                && offset % VhdxFormat.ALIGNMENT == 0
                && length % VhdxFormat.ALIGNMENT == 0;
        if (!aligned || length > source.size() - offset) {
            faults.found(
                    VhdxFault.LOG_PLACE,
                    () -> new CorruptDataException(
                            location,
                            header.offset() + 68,
                            "a log in whole MiB behind the first, inside the file of " + source.size() + " bytes",
                            "offset " + Long.toUnsignedString(offset) + ", length " + length));
            return Optional.empty();
        }
        return Optional.of(new Region(LOG, offset, length, true, header.offset() + 68));
    }

    private static void checkOverlaps(String location, List<Region> occupied, Faults faults) throws IOException {
        occupied.sort((a, b) -> Long.compare(a.offset(), b.offset()));
        Region farthest = null;
        for (Region region : occupied) {
            Region before = farthest;
            if (before != null && region.offset() < before.endOffset()) {
                faults.found(
                        VhdxFault.REGION_OVERLAP,
                        () -> new CorruptDataException(
                                location,
                                region.entryOffset(),
                                "regions and log apart from each other",
                                name(region) + " at " + region.offset() + " inside " + name(before) + " at "
                                        + before.offset()));
            }
            if (before == null || region.endOffset() > before.endOffset()) {
                farthest = region;
            }
        }
    }

    /** Returns what is in {@code region}, for messages. */
    public static String name(Region region) {
        return region.id().equals(LOG) ? "log" : region.name();
    }
}
