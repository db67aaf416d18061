package io.varve.adapters.vhdx;

import io.varve.adapters.file.UnsupportedImageException;
import io.varve.engine.port.ByteSource;
import io.varve.store.CorruptDataException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Where in a file everything is that is no payload block, checked: nothing overlaps, nothing lies outside the file, and
 * nothing unknown is required.
 *
 * @param bat the region of the block allocation table
 * @param metadata the metadata region
 * @param occupied log and all regions, unknown ones too: no block may touch them
 */
record VhdxLayout(Region bat, Region metadata, List<Region> occupied) {
    /** Stands for the log, which is in the header and not in the region table, in messages about overlaps. */
    private static final UUID LOG = new UUID(0, 0x6C6F67);

    /**
     * @param source the file, its log replayed if it had one
     * @param log where the log is, as {@link #log} gives it
     * @throws UnsupportedImageException when the file needs what is not known here
     * @throws CorruptDataException on any other fault
     */
    static VhdxLayout read(ByteSource source, Optional<Region> log) throws IOException {
        RegionTable table = RegionTable.read(source);
        List<Region> occupied = new ArrayList<>(table.regions());
        log.ifPresent(occupied::add);
        Region bat = null;
        Region metadata = null;
        for (Region region : table.regions()) {
            if (region.id().equals(VhdxFormat.BAT_REGION)) {
                bat = region;
            } else if (region.id().equals(VhdxFormat.METADATA_REGION)) {
                metadata = region;
            } else if (region.required()) {
                throw new UnsupportedImageException(source.location() + " at offset " + region.entryOffset()
                        + ": the file has a region " + region.id() + " that must be understood to read it, and is not");
            }
        }
        if (bat == null || metadata == null) {
            throw new CorruptDataException(
                    source.location(),
                    table.offset(),
                    "a BAT and a metadata region",
                    "no " + (bat == null ? "BAT" : "metadata") + " region");
        }
        checkOverlaps(source.location(), occupied);
        return new VhdxLayout(bat, metadata, List.copyOf(occupied));
    }

    /**
     * Where the log is, inside the file; empty when the header gives it no place and needs none.
     *
     * @param header the current one; what it says is checked here
     * @throws UnsupportedImageException when the file or its log has another version
     * @throws CorruptDataException when the log lies outside the file or is missing
     */
    static Optional<Region> log(ByteSource source, VhdxHeader header) throws IOException {
        String location = source.location();
        if (header.version() != VhdxFormat.VERSION) {
            throw new UnsupportedImageException(location + " at offset " + (header.offset() + 66)
                    + ": expected VHDX version " + VhdxFormat.VERSION + ", found " + header.version());
        }
        if (header.hasLog() && header.logLength() == 0) {
            throw new CorruptDataException(location, header.offset() + 68, "a log, since its GUID is set", "length 0");
        }
        if (header.hasLog() && header.logVersion() != 0) {
            throw new UnsupportedImageException(location + " at offset " + (header.offset() + 64)
                    + ": expected log version 0, found " + header.logVersion());
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
            throw new CorruptDataException(
                    location,
                    header.offset() + 68,
                    "a log in whole MiB behind the first, inside the file of " + source.size() + " bytes",
                    "offset " + Long.toUnsignedString(offset) + ", length " + length);
        }
        return Optional.of(new Region(LOG, offset, length, true, header.offset() + 68));
    }

    private static void checkOverlaps(String location, List<Region> occupied) throws CorruptDataException {
        occupied.sort((a, b) -> Long.compare(a.offset(), b.offset()));
        for (int i = 1; i < occupied.size(); i++) {
            Region before = occupied.get(i - 1);
            Region region = occupied.get(i);
            if (region.offset() < before.endOffset()) {
                throw new CorruptDataException(
                        location,
                        region.entryOffset(),
                        "regions and log apart from each other",
                        name(region) + " at " + region.offset() + " inside " + name(before) + " at " + before.offset());
            }
        }
    }

    /** What lies in {@code region}, for messages. */
    static String name(Region region) {
        return region.id().equals(LOG) ? "log" : region.name();
    }
}
