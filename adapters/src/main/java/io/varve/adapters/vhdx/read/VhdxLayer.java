package io.varve.adapters.vhdx.read;

import io.varve.adapters.vhdx.format.BlockGeometry;
import io.varve.adapters.vhdx.format.DiskParameters;
import io.varve.adapters.vhdx.format.FileIdentifier;
import io.varve.adapters.vhdx.format.HeaderPair;
import io.varve.adapters.vhdx.format.MetadataTable;
import io.varve.adapters.vhdx.format.ParentLocator;
import io.varve.adapters.vhdx.format.Region;
import io.varve.adapters.vhdx.format.VhdxFormat;
import io.varve.adapters.vhdx.format.VhdxHeader;
import io.varve.adapters.vhdx.log.LogReplay;
import io.varve.adapters.vhdx.log.ReplayedSource;
import io.varve.engine.port.ByteSource;
import io.varve.store.fault.CorruptDataException;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/**
 * One VHDX file, opened and checked: a whole disk, or the part of a differencing disk that is in this file. Never
 * changes the file.
 *
 * @param source the file, with its log replayed in memory; closing the layer closes it
 * @param header the current one
 * @param rules for the entries of its BAT
 * @param locator names the parent; empty if and only if there is none
 */
public record VhdxLayer(
        ByteSource source,
        VhdxHeader header,
        DiskParameters parameters,
        EntryRules rules,
        Optional<ParentLocator> locator)
        implements Closeable {
    /**
     * Opens the file. Its structures are checked in their order, each before the next one is used, including the whole
     * BAT. Takes over {@code source}; if this fails, the caller still has to close it.
     *
     * @throws CorruptDataException if the file is not a VHDX or is damaged
     * @throws io.varve.adapters.file.UnsupportedImageException if it is of a kind that Varve does not read
     */
    public static VhdxLayer open(ByteSource source) throws IOException {
        FileIdentifier.read(source);
        VhdxHeader header = HeaderPair.read(source).current();
        Optional<Region> log = VhdxLayout.log(source, header);
        Optional<ReplayedSource> replayed =
                header.hasLog() ? Optional.of(LogReplay.run(source, header, log.orElseThrow())) : Optional.empty();
        return open(replayed.isPresent() ? replayed.get() : source, header, log, replayed);
    }

    private static VhdxLayer open(
            ByteSource file, VhdxHeader header, Optional<Region> log, Optional<ReplayedSource> replayed)
            throws IOException {
        VhdxLayout layout = VhdxLayout.read(file, log);
        MetadataTable metadata = MetadataTable.read(file, layout.metadata());
        DiskParameters parameters = DiskParameters.read(file, layout.metadata(), metadata);
        BlockGeometry geometry = parameters.geometry();
        if (geometry.tableSize() > layout.bat().length()) {
            throw EntryRules.tooShort(file.location(), layout.bat(), geometry);
        }
        EntryRules rules =
                new EntryRules(file.location(), file.size(), layout.bat().offset(), geometry, layout.occupied());
        OverlapCheck.run(file, rules, replayed);
        Optional<ParentLocator> locator = Optional.empty();
        if (parameters.hasParent()) {
            locator = Optional.of(ParentLocator.read(
                    file, metadata.find(VhdxFormat.PARENT_LOCATOR).orElseThrow()));
        }
        VhdxLayer layer = new VhdxLayer(file, header, parameters, rules, locator);
        layer.checkNotWritten();
        return layer;
    }

    /**
     * @param number of this file in its chain
     * @param slotCount largest number of pages of 4 KiB to keep, of the BAT and of the sector bitmaps each
     */
    LayerMap map(int number, int slotCount) {
        BlockTable table = new BlockTable(source, rules, slotCount);
        return new LayerMap(source, number, table, new SectorBitmaps(source, table, slotCount));
    }

    /**
     * @throws IOException if the headers have changed since the file was opened: a program that opens a file for
     *     writing changes them first
     */
    void checkNotWritten() throws IOException {
        if (!HeaderPair.read(source).current().equals(header)) {
            throw new IOException(source.location() + ": was written while it was read; back up a checkpoint of it");
        }
    }

    public long size() {
        return parameters.size();
    }

    String location() {
        return source.location();
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
