package io.varve.adapters.vhd;

import io.varve.adapters.chain.MissingParentException;
import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.file.UnsupportedImageException;
import io.varve.adapters.file.WindowsGuid;
import io.varve.adapters.vhd.LayerMap.Segment;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.Disturbance;
import io.varve.engine.port.SourceFile;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.store.CorruptDataException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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

    private static final ByteBuffer ZEROS =
            ByteBuffer.allocateDirect(64 * VhdFormat.KIB).asReadOnlyBuffer();

    /** The leaf first. */
    private final List<VhdLayer> layers;

    private final List<LayerMap> maps = new ArrayList<>();

    /** @param layers the leaf first, at least one; owned from now on */
    private VhdChain(List<VhdLayer> layers) {
        this.layers = List.copyOf(layers);
        int slots = Math.max(1, SLOTS / layers.size());
        for (VhdLayer layer : layers) {
            maps.add(layer.map(slots));
        }
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
        return new VhdChain(ChainOpening.run(source, leaf, search));
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
        return layers.stream().map(VhdLayer::location).toList();
    }

    /** Unique ids of all files, the leaf first. */
    public List<UUID> uniqueIds() {
        return layers.stream().map(layer -> layer.footer().uniqueId()).toList();
    }

    /** Of every file of the chain. */
    @Override
    public List<Disturbance> disturbances() throws IOException {
        List<Disturbance> found = new ArrayList<>();
        for (VhdLayer layer : layers) {
            found.addAll(layer.source().disturbances());
        }
        return found;
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
        Objects.checkFromIndexSize(offset, (long) target.remaining(), size());
        int limit = target.limit();
        try {
            read(0, offset, target);
        } finally {
            target.limit(limit);
        }
    }

    /** Fills {@code target} to its limit as layer {@code number} has it at {@code offset}; the limit is kept. */
    private void read(int number, long offset, ByteBuffer target) throws IOException {
        int limit = target.limit();
        long end = offset + target.remaining();
        if (number < layers.size()) {
            long there = Math.min(end, layers.get(number).size());
            for (long position = offset; position < there; ) {
                Segment segment = maps.get(number).segment(position, there);
                target.limit(target.position() + (int) segment.length());
                if (segment.isPresent()) {
                    readPresent(layers.get(number), segment, target);
                } else {
                    read(number + 1, position, target);
                }
                position += segment.length();
            }
        }
        target.limit(limit);
        while (target.hasRemaining()) {
            target.put(ZEROS.duplicate().limit(Math.min(ZEROS.capacity(), target.remaining())));
        }
    }

    private static void readPresent(VhdLayer layer, Segment segment, ByteBuffer target) throws IOException {
        try {
            layer.source().read(segment.fileOffset(), target);
        } catch (EOFException e) {
            throw new CorruptDataException(
                    layer.location(),
                    segment.fileOffset(),
                    "the content of virtual range [" + segment.virtualOffset() + ", "
                            + (segment.virtualOffset() + segment.length()) + ")",
                    "a file that was cut off after it was opened");
        }
    }

    /**
     * What lies in a file of the chain and is not hidden by a file above it, without the holes the files themselves
     * have there. O(blocks of the window) per file, and one question to the file system per piece.
     */
    @Override
    public RangeSet allocated(Range window) throws IOException {
        RangeSet.Builder allocated = new RangeSet.Builder();
        allocated(0, window.offset(), Math.min(window.endOffset(), size()), allocated);
        return allocated.build();
    }

    private void allocated(int number, long offset, long endOffset, RangeSet.Builder allocated) throws IOException {
        if (number == layers.size()) {
            return;
        }
        VhdLayer layer = layers.get(number);
        long end = Math.min(endOffset, layer.size());
        for (long position = offset; position < end; ) {
            Segment segment = maps.get(number).segment(position, end);
            if (segment.isPresent()) {
                long shift = segment.virtualOffset() - segment.fileOffset();
                for (Range data : layer.source().dataRanges(new Range(segment.fileOffset(), segment.length()))) {
                    allocated.add(data.offset() + shift, data.endOffset() + shift);
                }
            } else {
                allocated(number + 1, position, position + segment.length(), allocated);
            }
            position += segment.length();
        }
    }

    @Override
    public void close() throws IOException {
        close(layers);
    }

    /** Closes all of them, whatever happens. */
    static void close(List<VhdLayer> layers) throws IOException {
        IOException failure = null;
        for (VhdLayer layer : layers) {
            try {
                layer.close();
            } catch (IOException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
