package io.varve.adapters.vhdx.read;

import io.varve.adapters.chain.LayeredDisk;
import io.varve.adapters.chain.MissingParentException;
import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.file.UnsupportedImageException;
import io.varve.adapters.vhdx.format.DiskParameters;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.Disturbance;
import io.varve.engine.port.SourceFile;
import io.varve.engine.port.WindowsGuid;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A VHDX and all its parents as one disk, read-only: no file of the chain is ever changed. A disk without a parent is a
 * chain of one file. What a layer does not contain comes from its parent. There are zeros beyond the end of a parent
 * that is smaller than its child, and in blocks that a layer calls zero, undefined or unmapped, whatever is below.
 *
 * <p>Threading: as {@link DiskImage}. Heap: at most 8 MiB of tables, whatever the number of files and the size of the
 * disk; during opening also one bit per MiB of one file. Every file of the chain stays open.
 */
public final class VhdxChain implements DiskImage {
    /** Largest number of files in a chain. Other readers have the same limit. */
    public static final int DEEPEST = 256;

    /** Number of pages of tables kept for the whole chain. */
    private static final int SLOTS = 1024;

    /** The leaf comes first. */
    private final List<VhdxLayer> layers;

    private final VhdxAddressMap map;

    /** @param layers the leaf first, at least one; owned by this from now on */
    public VhdxChain(List<VhdxLayer> layers) {
        this.layers = List.copyOf(layers);
        this.map = new VhdxAddressMap(this.layers, Math.max(1, SLOTS / layers.size()));
    }

    /**
     * Opens {@code leaf} and its parents. The caller closes the chain.
     *
     * @throws MissingParentException if a parent is not found, or only files that do not match; names all that were
     *     tried
     * @throws CorruptDataException if a file is not a VHDX, is damaged, or is its own ancestor
     * @throws UnsupportedImageException if a file is of a kind that Varve does not read
     */
    public static VhdxChain open(SourceFile leaf, ParentSearch search) throws IOException {
        ByteSource source = leaf.open();
        try {
            return open(source, leaf, search);
        } catch (IOException | RuntimeException e) {
            source.close();
            throw e;
        }
    }

    /**
     * As {@link #open(SourceFile, ParentSearch)}, if {@code leaf} is already open. Takes over {@code source}: closing
     * the chain closes it. If this fails, the caller still has to close it.
     */
    public static VhdxChain open(ByteSource source, SourceFile leaf, ParentSearch search) throws IOException {
        return new VhdxChain(new VhdxOpening(leaf).run(source, leaf, search));
    }

    @Override
    public long size() {
        return leaf().size();
    }

    private VhdxLayer leaf() {
        return layers.get(0);
    }

    @Override
    public int logicalSectorSize() {
        return leaf().parameters().logicalSectorSize();
    }

    @Override
    public int physicalSectorSize() {
        return leaf().parameters().physicalSectorSize();
    }

    /**
     * Returns the Virtual Disk ID (MS-VHDX 2.6.2.3), the same in all files of a chain made by checkpoints of one disk.
     */
    @Override
    public Optional<UUID> guid() {
        return Optional.of(leaf().parameters().id()).filter(id -> !id.equals(WindowsGuid.NIL));
    }

    /** {@code vhdx-differencing}; for a disk without a parent {@code vhdx-fixed} or {@code vhdx-dynamic}. */
    @Override
    public String format() {
        DiskParameters parameters = leaf().parameters();
        return parameters.hasParent() ? "vhdx-differencing" : parameters.fixed() ? "vhdx-fixed" : "vhdx-dynamic";
    }

    /** Returns that of the leaf. */
    @Override
    public String location() {
        return leaf().location();
    }

    /** Returns the paths of all files, the leaf first. */
    public List<String> locations() {
        return map.disk().locations();
    }

    /** Returns the DataWriteGuids of all files (MS-VHDX 2.2.2), the leaf first. */
    public List<UUID> dataWriteGuids() {
        return layers.stream().map(layer -> layer.header().dataWriteGuid()).toList();
    }

    /** Returns where in the files the content of the disk is. */
    public VhdxAddressMap addressMap() {
        return map;
    }

    /**
     * Whether a file of the chain has a log, as a file has that is open for writing or was not closed properly. Only
     * without a log do the DataWriteGuids identify states of the disk.
     */
    public boolean hasLog() {
        return layers.stream().anyMatch(layer -> layer.header().hasLog());
    }

    /** Returns the first file that has a log. */
    @Override
    public Optional<String> unclean() {
        return layers.stream()
                .filter(layer -> layer.header().hasLog())
                .findFirst()
                .map(layer -> layer.location() + ": not closed properly, its log had to be replayed");
    }

    /** Those of all files of the chain. */
    @Override
    public List<Disturbance> disturbances() throws IOException {
        return map.disk().disturbances();
    }

    @Override
    public void checkUnchanged() throws IOException {
        for (VhdxLayer layer : layers) {
            layer.checkNotWritten();
        }
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
        map.disk().read(offset, target);
    }

    @Override
    public RangeSet allocated(Range window) throws IOException {
        return map.disk().allocated(window);
    }

    /** As {@link LayeredDisk#changedSince}. */
    public RangeSet changedSince(int base, Range window) throws IOException {
        return map.disk().changedSince(base, window);
    }

    @Override
    public void close() throws IOException {
        map.disk().close();
    }
}
