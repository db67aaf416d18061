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
 * A VHD with all its parents as one disk, read-only: no file of the chain is ever changed. A fixed or dynamic disk is a
 * chain of one file. What a layer does not hold is its parent's; behind the end of a parent that is smaller than its
 * child there are zeros.
 *
 * <p>A VHD proves less than a VHDX: its unique id stays the same whatever is written to it. So a parent that was
 * written to after the child was made cannot be told from one that was not, and what changed since some moment is a
 * question that a chain does not answer.
 *
 * <p>Threading: as {@link DiskImage}. Heap: 2.1 MiB of tables at most for up to 64 files, 33 KiB per file beyond; while
 * opening up to 32 MiB besides, four bytes per block that has room in one file. Every file of the chain stays open.
 */
public final class VhdChain implements DiskImage {
    /** Most files of a chain; other readers draw the line there too. */
    static final int DEEPEST = 256;

    /** Pages of tables kept for the whole chain. */
    private static final int SLOTS = 64;

    /** The leaf first. */
    private final List<VhdLayer> layers;

    private final LayeredDisk<LayerMap.Segment> disk;

    /** @param layers the leaf first, at least one; owned from now on */
    private VhdChain(List<VhdLayer> layers) {
        this.layers = List.copyOf(layers);
        int slots = Math.max(1, SLOTS / layers.size());
        this.disk = new LayeredDisk<>(layers.stream()
                .map(layer -> new MappedLayer(layer, layer.map(slots)))
                .toList());
    }

    /**
     * Opens {@code leaf} and the parents it leads to; the caller closes the chain.
     *
     * @throws MissingParentException when a parent is not found, or only wrong ones are; names all that was tried
     * @throws CorruptDataException when a file is no VHD or is damaged, or the chain leads back into itself
     * @throws UnsupportedImageException when a file is one that is not read here
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
     * As {@link #open(SourceFile, ParentSearch)} with {@code leaf} open already. Takes {@code source} over: closing the
     * chain closes it. It stays the caller's when this fails.
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
     * The unique id of the file without parent, as Windows prints it: every differencing disk gets an id of its own, so
     * only the base's stays with the disk when checkpoints come and go.
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

    /** The leaf's. */
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

    /** Of every file of the chain. */
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
