package io.varve.adapters.vhd;

import io.varve.adapters.chain.LayeredDisk;
import io.varve.adapters.chain.MissingParentException;
import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.file.UnsupportedImageException;
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
 * A VHD and all its parents as one disk, read-only: no file of the chain is ever changed. A fixed or dynamic disk is a
 * chain of one file. Parts that a layer does not hold are read from its parent; past the end of a parent that is
 * smaller than its child there are zeros.
 *
 * <p>A VHD proves less than a VHDX, because its unique id does not change when it is written to. So it cannot be
 * detected whether a parent was written to after the child was created, and a chain of VHDs gives no change list.
 *
 * <p>Threading: as {@link DiskImage}. Heap: at most 2.1 MiB of tables for up to 64 files, plus 33 KiB for each further
 * file; while opening, up to 32 MiB more, four bytes per block that fits into a file. All files of the chain stay open.
 */
public final class VhdChain implements DiskImage {
    /** Most files in a chain; the limit of other readers too. */
    static final int DEEPEST = 256;

    /** Pages of tables cached for the whole chain. */
    private static final int SLOTS = 64;

    /** The leaf first. */
    private final List<VhdLayer> layers;

    private final LayeredDisk<LayerMap.Segment> disk;

    /** @param layers the leaf first, at least one; ownership is taken */
    private VhdChain(List<VhdLayer> layers) {
        this.layers = List.copyOf(layers);
        int slots = Math.max(1, SLOTS / layers.size());
        this.disk = new LayeredDisk<>(layers.stream()
                .map(layer -> new MappedLayer(layer, layer.map(slots)))
                .toList());
    }

    /**
     * Opens {@code leaf} and its parents. The caller closes the chain.
     *
     * @throws MissingParentException if a parent is not found; the message names everything that was tried
     * @throws CorruptDataException if a file is not a VHD or is damaged, or the chain has a cycle
     * @throws UnsupportedImageException if a file is not supported
     */
    public static VhdChain open(SourceFile leaf, ParentSearch search) throws IOException {
        ByteSource source = leaf.open();
        try {
            return open(source, leaf, search);
        } catch (IOException | RuntimeException e) {
            source.close();
            throw e;
        }
    }

    /**
     * As {@link #open(SourceFile, ParentSearch)}, with {@code leaf} already open. Takes ownership of {@code source},
     * unless this fails: closing the chain closes it.
     */
    public static VhdChain open(ByteSource source, SourceFile leaf, ParentSearch search) throws IOException {
        return new VhdChain(new VhdOpening(leaf).run(source, leaf, search));
    }

    private record MappedLayer(VhdLayer layer, LayerMap map) implements LayeredDisk.Layer<LayerMap.Segment> {
        @Override
        public ByteSource source() {
            return layer.source();
        }

        @Override
        public long size() {
            return layer.size();
        }

        @Override
        public LayerMap.Segment extent(long virtualOffset, long endOffset) throws IOException {
            return map.segment(virtualOffset, endOffset);
        }
    }

    private VhdLayer leaf() {
        return layers.get(0);
    }

    /** The leaf's Current Size. */
    @Override
    public long size() {
        return leaf().size();
    }

    @Override
    public int logicalSectorSize() {
        return VhdFormat.SECTOR;
    }

    @Override
    public int physicalSectorSize() {
        return VhdFormat.SECTOR;
    }

    /**
     * The unique id of the base file, as Windows prints it. Every differencing disk has its own id, so only that of the
     * base stays the same when checkpoints are created and removed.
     */
    @Override
    public Optional<UUID> guid() {
        return Optional.of(layers.get(layers.size() - 1).footer().uniqueId()).filter(id -> !id.equals(WindowsGuid.NIL));
    }

    /** {@code vhd-differencing}; {@code vhd-fixed} or {@code vhd-dynamic} for a disk without parent. */
    @Override
    public String format() {
        return leaf().footer().type().format();
    }

    /** The location of the leaf. */
    @Override
    public String location() {
        return leaf().location();
    }

    /** Paths of all files, the leaf first. */
    public List<String> locations() {
        return disk.locations();
    }

    /** Unique ids of all files, the leaf first. */
    public List<UUID> uniqueIds() {
        return layers.stream().map(layer -> layer.footer().uniqueId()).toList();
    }

    /** Disturbances of all files of the chain. */
    @Override
    public List<Disturbance> disturbances() throws IOException {
        return disk.disturbances();
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
        disk.read(offset, target);
    }

    @Override
    public RangeSet allocated(Range window) throws IOException {
        return disk.allocated(window);
    }

    @Override
    public void close() throws IOException {
        disk.close();
    }
}
