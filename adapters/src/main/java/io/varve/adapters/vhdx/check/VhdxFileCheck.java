package io.varve.adapters.vhdx.check;

import io.varve.adapters.file.UnsupportedImageException;
import io.varve.adapters.vhdx.format.DiskParameters;
import io.varve.adapters.vhdx.format.FileIdentifier;
import io.varve.adapters.vhdx.format.HeaderPair;
import io.varve.adapters.vhdx.format.MetadataItem;
import io.varve.adapters.vhdx.format.MetadataTable;
import io.varve.adapters.vhdx.format.ParentLocator;
import io.varve.adapters.vhdx.format.Region;
import io.varve.adapters.vhdx.format.RegionTable;
import io.varve.adapters.vhdx.format.VhdxFault;
import io.varve.adapters.vhdx.format.VhdxFormat;
import io.varve.adapters.vhdx.format.VhdxHeader;
import io.varve.adapters.vhdx.log.LogReplay;
import io.varve.adapters.vhdx.log.ReplayedSource;
import io.varve.adapters.vhdx.read.OverlapCheck;
import io.varve.adapters.vhdx.read.VhdxLayer;
import io.varve.adapters.vhdx.read.VhdxLayout;
import io.varve.engine.port.ByteSource;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.Count;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Checks one file in the order of its structures, as {@link VhdxLayer} opens it. Structures that cannot be decoded are
 * skipped, and everything that does not need them is still checked. Used once, by one thread.
 */
final class VhdxFileCheck {
    private final ByteSource source;
    private final FindingList findings;
    private Optional<VhdxHeader> header = Optional.empty();
    private Optional<ReplayedSource> replayed = Optional.empty();
    private Optional<DiskParameters> parameters = Optional.empty();
    private Optional<ParentLocator> locator = Optional.empty();

    /** @param source the file; the caller keeps ownership */
    VhdxFileCheck(ByteSource source) {
        this.source = source;
        this.findings = new FindingList(source.location());
    }

    /** A step of the check. If it throws, later steps are still tried. */
    private interface Step {
        void run() throws IOException;
    }

    /** Runs a step. An exception that was not reported becomes a finding of the kind {@code fault}. */
    private void attempt(VhdxFault fault, Step step) throws IOException {
        try {
            step.run();
        } catch (CorruptDataException | UnsupportedImageException e) {
            findings.found(fault, fault.severity(), e);
        }
    }

    void run() throws IOException {
        attempt(VhdxFault.FILE_IDENTIFIER, () -> FileIdentifier.read(source));
        if (source.size() % VhdxFormat.MIB != 0) {
            findings.found(VhdxFault.FILE_LENGTH, -1, "a file of whole MiB", source.size() + " bytes");
        }
        header = HeaderCheck.run(source, findings);
        Optional<Region> log = header.isPresent() ? log(header.get()) : Optional.empty();
        ByteSource file = replayed.isPresent() ? replayed.get() : source;
        attempt(VhdxFault.REGION_TABLES_UNUSABLE, () -> checkRegions(file, log));
        attempt(VhdxFault.STALE_BYTES, () -> HeaderSectionGaps.run(source, findings));
        compareWithReader();
    }

    private Optional<Region> log(VhdxHeader current) throws IOException {
        Optional<Region> log = VhdxLayout.log(source, current, findings);
        if (current.logLength() == 0 && !current.hasLog()) {
            findings.found(
                    VhdxFault.LOG_ABSENT,
                    current.offset() + 68,
                    "room for a log, to open the file for writing",
                    "none");
        }
        if (!current.hasLog() || log.isEmpty()) {
            return log;
        }
        try {
            replayed = Optional.of(LogReplay.run(source, current, log.get(), findings));
            findings.found(
                    VhdxFault.LOG_REPLAY,
                    log.get().offset(),
                    "",
                    "a log to be replayed: " + Count.of(replayed.get().entryCount(), "entry") + ", "
                            + Count.of(replayed.get().patchCount(), "place")
                            + "; it was replayed in memory for all that follows");
        } catch (CorruptDataException e) {
            findings.found(VhdxFault.LOG_UNUSABLE, VhdxFault.LOG_UNUSABLE.severity(), e);
        } catch (UnsupportedImageException e) {
            findings.found(VhdxFault.LOG_TOO_LARGE, VhdxFault.LOG_TOO_LARGE.severity(), e);
        }
        return log;
    }

    private void checkRegions(ByteSource file, Optional<Region> log) throws IOException {
        RegionTable table = RegionCheck.run(file, findings);
        List<Region> occupied = VhdxLayout.occupied(file.location(), table, log, findings);
        Optional<Region> bat = VhdxLayout.region(file.location(), table, VhdxFormat.BAT_REGION, findings);
        Optional<Region> metadata = VhdxLayout.region(file.location(), table, VhdxFormat.METADATA_REGION, findings);
        if (metadata.isPresent()) {
            attempt(VhdxFault.METADATA_TABLE, () -> checkMetadata(file, metadata.get()));
        }
        if (bat.isPresent() && parameters.isPresent()) {
            attempt(VhdxFault.FILE_TOO_LARGE, () -> {
                OverlapCheck.checkSize(file.location(), file.size());
                BatCheck.run(file, bat.get(), parameters.get(), occupied, replayed, findings);
            });
        }
    }

    private void checkMetadata(ByteSource file, Region region) throws IOException {
        MetadataTable table = MetadataTable.read(file, region, findings);
        parameters = DiskParameters.read(file, region, table, findings);
        MetadataCheck.run(file.location(), table, parameters, findings);
        boolean hasParent =
                parameters.isPresent() ? parameters.get().hasParent() : DiskParameters.hasParent(file, table);
        Optional<MetadataItem> item = table.find(VhdxFormat.PARENT_LOCATOR);
        if (item.isPresent() && !hasParent) {
            findings.found(
                    VhdxFault.LOCATOR_UNEXPECTED,
                    item.get().entryOffset(),
                    "no parent locator in a disk without parent",
                    "one");
        } else if (item.isPresent()) {
            attempt(VhdxFault.LOCATOR_TABLE, () -> locator = Optional.of(LocatorCheck.run(file, item.get(), findings)));
        }
    }

    /** Compares with the reader: a file that the reader refuses is never reported as intact. */
    private void compareWithReader() throws IOException {
        if (findings.errors() > 0) {
            return;
        }
        attempt(VhdxFault.FILE_CHANGING, () -> {
            if (!HeaderPair.read(source).current().equals(header.orElseThrow())) {
                throw new CorruptDataException(
                        source.location(),
                        header.orElseThrow().offset(),
                        "a file that nobody writes to",
                        "another header than before: it was written while it was checked");
            }
        });
        if (findings.errors() == 0) {
            attempt(VhdxFault.REFUSED, () -> VhdxLayer.open(source));
        }
    }

    String location() {
        return source.location();
    }

    FindingList findings() {
        return findings;
    }

    /** Returns the current header; empty if neither is intact. */
    Optional<VhdxHeader> header() {
        return header;
    }

    /** Returns the parameters; empty if they cannot be read. */
    Optional<DiskParameters> parameters() {
        return parameters;
    }

    /** Returns the parent locator of a differencing disk, if it can be decoded. */
    Optional<ParentLocator> locator() {
        return locator;
    }
}
