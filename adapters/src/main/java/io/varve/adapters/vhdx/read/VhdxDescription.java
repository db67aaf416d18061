package io.varve.adapters.vhdx.read;

import io.varve.adapters.file.UnsupportedImageException;
import io.varve.adapters.vhdx.format.Copy;
import io.varve.adapters.vhdx.format.DiskParameters;
import io.varve.adapters.vhdx.format.FileIdentifier;
import io.varve.adapters.vhdx.format.HeaderPair;
import io.varve.adapters.vhdx.format.MetadataItem;
import io.varve.adapters.vhdx.format.MetadataTable;
import io.varve.adapters.vhdx.format.ParentLocator;
import io.varve.adapters.vhdx.format.Region;
import io.varve.adapters.vhdx.format.RegionTable;
import io.varve.adapters.vhdx.format.StructureReader;
import io.varve.adapters.vhdx.format.VhdxFormat;
import io.varve.adapters.vhdx.format.VhdxHeader;
import io.varve.adapters.vhdx.log.LogReplay;
import io.varve.adapters.vhdx.log.ReplayedSource;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.WindowsGuid;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Describes in words what a VHDX file consists of, structure by structure. Damage does not stop it: a structure that
 * cannot be decoded becomes a row {@code problem}, followed by whatever can be found without it. A file with a log is
 * described as it is after the replay, from the region tables on.
 */
public final class VhdxDescription {
    /** Largest number of metadata items and regions with a row of their own. */
    private static final int MOST_ROWS_PER_TABLE = 64;

    /** The file; once its log has been replayed, the file with the replayed log. */
    private ByteSource source;

    private final List<Row> rows = new ArrayList<>();

    private VhdxDescription(ByteSource source) {
        this.source = source;
    }

    /**
     * One fact.
     *
     * @param section the structure that it is about: {@code file}, {@code header 1}, {@code region table 2},
     *     {@code metadata}, …
     * @param field name of the fact; {@code problem} for a fault
     * @param value in words, or in bytes as a decimal number
     * @param offset where in the file it is stored, in bytes; -1 if it is derived
     */
    public record Row(String section, String field, String value, long offset) {
        public boolean isProblem() {
            return field.equals("problem");
        }
    }

    /** A step whose damage becomes a row. */
    private interface Step {
        void run() throws IOException;
    }

    /**
     * Describes the file that {@code source} reads. The caller still closes {@code source}.
     *
     * @throws IOException if the file cannot be read; never because of its content
     */
    public static List<Row> of(ByteSource source) throws IOException {
        VhdxDescription description = new VhdxDescription(source);
        description.describe();
        return List.copyOf(description.rows);
    }

    private void add(String section, String field, Object value, long offset) {
        rows.add(new Row(section, field, String.valueOf(value), offset));
    }

    private void attempt(String section, Step step) throws IOException {
        try {
            step.run();
        } catch (CorruptDataException e) {
            problem(section, e);
        }
    }

    private void problem(String section, CorruptDataException damage) {
        add(section, "problem", "expected " + damage.expected() + ", found " + damage.found(), damage.offset());
    }

    private void describe() throws IOException {
        add("file", "location", source.location(), -1);
        add("file", "length", source.size(), -1);
        attempt("file", () -> {
            FileIdentifier identifier = FileIdentifier.read(source);
            add("file", "signature", "vhdxfile", 0);
            add("file", "creator", identifier.creator(), VhdxFormat.CREATOR_AT);
        });
        describeHeaders();
        RegionTable table = describeRegionTables();
        if (table == null) {
            return;
        }
        Region metadata = find(table, VhdxFormat.METADATA_REGION, "metadata");
        Region bat = find(table, VhdxFormat.BAT_REGION, "BAT");
        if (metadata != null) {
            attempt("metadata", () -> describeMetadata(metadata, bat));
        }
    }

    private void describeHeaders() throws IOException {
        HeaderPair pair = HeaderPair.read(source);
        header("header 1", pair.first());
        header("header 2", pair.second());
        attempt("headers", () -> {
            VhdxHeader current = pair.current();
            add("headers", "current", current.offset() == VhdxFormat.HEADER_1_OFFSET ? "header 1" : "header 2", -1);
            add("headers", "log", current.hasLog() ? "has to be replayed before the file can be read" : "clean", -1);
            if (current.hasLog()) {
                attempt("log", () -> replay(current));
            }
            if (current.version() != VhdxFormat.VERSION) {
                add("headers", "problem", "expected version 1, found " + current.version(), current.offset() + 66);
            }
        });
    }

    private void replay(VhdxHeader header) throws IOException {
        try {
            Region log = VhdxLayout.log(source, header).orElseThrow();
            ReplayedSource replayed = LogReplay.run(source, header, log);
            add("log", "entries replayed (in memory)", replayed.entryCount(), log.offset());
            add("log", "places changed", replayed.patchCount(), -1);
            add("log", "length of the file after it", replayed.size(), -1);
            source = replayed;
        } catch (UnsupportedImageException e) {
            add("log", "problem", e.getMessage(), -1);
        }
    }

    private void header(String section, Copy<VhdxHeader> copy) {
        if (!copy.isSound()) {
            problem(section, copy.damage());
            return;
        }
        VhdxHeader header = copy.value();
        long at = header.offset();
        add(section, "checksum", String.format("%08x (right)", header.checksum()), at + 4);
        add(section, "sequence number", Long.toUnsignedString(header.sequence()), at + 8);
        add(section, "file write guid", header.fileWriteGuid(), at + 16);
        add(section, "data write guid", header.dataWriteGuid(), at + 32);
        add(section, "log guid", header.hasLog() ? header.logGuid() : "none", at + 48);
        add(section, "log version", header.logVersion(), at + 64);
        add(section, "version", header.version(), at + 66);
        add(section, "log length", header.logLength(), at + 68);
        add(section, "log offset", Long.toUnsignedString(header.logOffset()), at + 72);
    }

    /** Returns the copy that counts; null if both are damaged. */
    private RegionTable describeRegionTables() throws IOException {
        Copy<RegionTable> first = RegionTable.readCopy(source, VhdxFormat.REGION_TABLE_1_OFFSET);
        Copy<RegionTable> second = RegionTable.readCopy(source, VhdxFormat.REGION_TABLE_2_OFFSET);
        regionTable("region table 1", first);
        regionTable("region table 2", second);
        if (!first.isSound() && !second.isSound()) {
            return null;
        }
        if (first.isSound() && second.isSound() && !first.value().hasSameRegions(second.value())) {
            add(
                    "region tables",
                    "problem",
                    "expected two equal copies, found two different ones",
                    VhdxFormat.REGION_TABLE_2_OFFSET);
        }
        add("region tables", "used", first.isSound() ? "region table 1" : "region table 2", -1);
        return first.isSound() ? first.value() : second.value();
    }

    private void regionTable(String section, Copy<RegionTable> copy) {
        if (!copy.isSound()) {
            problem(section, copy.damage());
            return;
        }
        List<Region> regions = copy.value().regions();
        add(section, "regions", regions.size(), copy.value().offset() + 8);
        for (Region region : regions.subList(0, Math.min(regions.size(), MOST_ROWS_PER_TABLE))) {
            add(
                    section,
                    region.name(),
                    "offset " + region.offset() + ", length " + region.length()
                            + (region.required() ? ", required" : ""),
                    region.entryOffset());
        }
    }

    private Region find(RegionTable table, UUID id, String name) {
        for (Region region : table.regions()) {
            if (region.id().equals(id)) {
                return region;
            }
        }
        add("region tables", "problem", "expected a " + name + " region, found none", table.offset());
        return null;
    }

    private void describeMetadata(Region region, Region bat) throws IOException {
        MetadataTable table = MetadataTable.read(source, region);
        add("metadata", "items", table.items().size(), region.offset() + 10);
        List<MetadataItem> items = table.items();
        for (MetadataItem item : items.subList(0, Math.min(items.size(), MOST_ROWS_PER_TABLE))) {
            attempt("metadata", () -> add("metadata", item.name(), value(item), item.offset()));
        }
        Optional<MetadataItem> locator = table.find(VhdxFormat.PARENT_LOCATOR);
        if (locator.isPresent()) {
            attempt("parent", () -> describeParent(locator.get()));
        }
        DiskParameters parameters;
        try {
            parameters = DiskParameters.read(source, region, table);
        } catch (CorruptDataException e) {
            problem("metadata", e);
            return;
        } catch (UnsupportedImageException e) {
            add("metadata", "problem", e.getMessage(), -1);
            return;
        }
        String type = parameters.hasParent() ? "differencing" : parameters.fixed() ? "fixed" : "dynamic";
        add("disk", "type", type, -1);
        if (locator.isPresent() && !parameters.hasParent()) {
            add(
                    "disk",
                    "problem",
                    "expected no parent locator in a disk without parent, found one",
                    locator.get().entryOffset());
        }
        if (bat != null) {
            attempt("BAT", () -> rows.addAll(BatSummary.of(source, bat, parameters)));
        }
    }

    private void describeParent(MetadataItem item) throws IOException {
        ParentLocator locator = ParentLocator.read(source, item);
        add("parent", "locator type", locator.type(), item.offset());
        locator.pairs().forEach((key, value) -> add("parent", key, value, item.offset()));
    }

    private String value(MetadataItem item) throws IOException {
        if (item.user() || item.length() > VhdxFormat.KIB || item.length() < Integer.BYTES) {
            return item.length() + " bytes";
        }
        ByteBuffer bytes = StructureReader.read(source, item.offset(), item.length(), item.name());
        if (item.is(VhdxFormat.FILE_PARAMETERS) && item.length() == 8) {
            int flags = bytes.getInt(4);
            return "block size " + Integer.toUnsignedString(bytes.getInt(0))
                    + ((flags & VhdxFormat.LEAVE_BLOCKS_ALLOCATED) != 0 ? ", leave blocks allocated" : "")
                    + ((flags & VhdxFormat.HAS_PARENT) != 0 ? ", has parent" : "");
        } else if (item.is(VhdxFormat.VIRTUAL_DISK_SIZE) && item.length() == 8) {
            return Long.toUnsignedString(bytes.getLong(0));
        } else if (item.is(VhdxFormat.VIRTUAL_DISK_ID) && item.length() == 16) {
            return WindowsGuid.get(bytes, 0).toString();
        } else if (item.is(VhdxFormat.LOGICAL_SECTOR_SIZE) || item.is(VhdxFormat.PHYSICAL_SECTOR_SIZE)) {
            return Integer.toUnsignedString(bytes.getInt(0));
        }
        return item.length() + " bytes";
    }
}
