package io.varve.adapters.vhdx;

import io.varve.adapters.chain.MissingParentException;
import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.file.UnsupportedImageException;
import io.varve.adapters.file.WindowsGuid;
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
 * A VHDX with all its parents as one disk, read-only: no file of the chain is ever changed. A disk without parent is a
 * chain of one file. What a layer does not hold is its parent's; behind the end of a parent that is smaller than its
 * child, and in blocks that a layer calls zero, undefined or unmapped, there are zeros whatever lies below.
 *
 * <p>Threading: as {@link DiskImage}. Heap: 8 MiB of tables at most, whatever the number of files and the size of the
 * disk; while opening one bit per MiB of one file besides. Every file of the chain stays open.
 */
public final class VhdxChain implements DiskImage {
    /** Most files of a chain; other readers draw the line there too. */
    static final int DEEPEST = 256;

    /** Pages of tables kept for the whole chain. */
    private static final int SLOTS = 1024;

    /** The leaf first. */
    private final List<VhdxLayer> layers;

    private final VhdxAddressMap map;

    /** @param layers the leaf first, at least one; owned from now on */
    VhdxChain(List<VhdxLayer> layers) {
        this.layers = List.copyOf(layers);
        this.map = new VhdxAddressMap(this.layers, Math.max(1, SLOTS / layers.size()));
    }

    /**
     * Opens {@code leaf} and the parents it leads to; the caller closes the chain.
     *
     * @throws MissingParentException when a parent is not found, or only wrong ones are; names all that was tried
     * @throws CorruptDataException when a file is no VHDX or is damaged, or the chain leads back into itself
     * @throws UnsupportedImageException when a file is one that is not read here
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
     * As {@link #open(SourceFile, ParentSearch)} with {@code leaf} open already. Takes {@code source} over: closing the
     * chain closes it. It stays the caller's when this fails.
     */
    public static VhdxChain open(ByteSource source, SourceFile leaf, ParentSearch search) throws IOException {
        return new VhdxChain(ChainOpening.run(source, leaf, search));
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

    /** The Virtual Disk ID (MS-VHDX 2.6.2.3), the same in all files of a chain that one disk's checkpoints made. */
    @Override
    public Optional<UUID> guid() {
        return Optional.of(leaf().parameters().id()).filter(id -> !id.equals(WindowsGuid.NIL));
    }

    /** {@code vhdx-differencing}; {@code vhdx-fixed} or {@code vhdx-dynamic} for a disk without parent. */
    @Override
    public String format() {
        DiskParameters parameters = leaf().parameters();
        return parameters.hasParent() ? "vhdx-differencing" : parameters.fixed() ? "vhdx-fixed" : "vhdx-dynamic";
    }

    /** The leaf's. */
    @Override
    public String location() {
        return leaf().location();
    }

    /** Paths of all files, the leaf first. */
    public List<String> locations() {
        return layers.stream().map(VhdxLayer::location).toList();
    }

    /** Identities of the content of all files (MS-VHDX 2.2.2), the leaf first. */
    public List<UUID> dataWriteGuids() {
        return layers.stream().map(layer -> layer.header().dataWriteGuid()).toList();
    }

    /** Where in the files the disk's content lies. */
    public VhdxAddressMap addressMap() {
        return map;
    }

    /**
     * Whether a file of the chain has a log, as one has that is open for writing or was not closed properly. Only
     * without do the DataWriteGuids name states of the disk.
     */
    public boolean hasLog() {
        return layers.stream().anyMatch(layer -> layer.header().hasLog());
    }

    /** Of every file of the chain. */
    @Override
    public List<Disturbance> disturbances() throws IOException {
        List<Disturbance> found = new ArrayList<>();
        for (VhdxLayer layer : layers) {
            found.addAll(layer.source().disturbances());
        }
        return found;
    }

    @Override
    public void checkUnchanged() throws IOException {
        for (VhdxLayer layer : layers) {
            layer.checkNotWritten();
        }
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
        Objects.checkFromIndexSize(offset, (long) target.remaining(), size());
        int limit = target.limit();
        try {
            map.walk(0, offset, offset + target.remaining(), segment -> {
                target.limit(target.position() + (int) segment.length());
                if (segment.isPresent()) {
                    readPresent(layers.get(segment.layer()), segment, target);
                } else {
                    Zeros.fill(target);
                }
            });
        } finally {
            target.limit(limit);
        }
    }

    private static void readPresent(VhdxLayer layer, Segment segment, ByteBuffer target) throws IOException {
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
     * have there: a VHDX that was copied sparsely is as cheap to read as its data. O(blocks of the window) per file,
     * and one question to the file system per piece.
     */
    @Override
    public RangeSet allocated(Range window) throws IOException {
        RangeSet.Builder allocated = new RangeSet.Builder();
        long end = Math.min(window.endOffset(), size());
        if (window.offset() < end) {
            map.walk(0, window.offset(), end, segment -> {
                if (segment.isPresent()) {
                    ByteSource source = layers.get(segment.layer()).source();
                    long shift = segment.virtualOffset() - segment.fileOffset();
                    for (Range data : source.dataRanges(new Range(segment.fileOffset(), segment.length()))) {
                        allocated.add(data.offset() + shift, data.endOffset() + shift);
                    }
                }
            });
        }
        return allocated.build();
    }

    /**
     * Where in {@code window} this disk may differ from the one that ends with its file {@code base}: whatever the
     * files above that say anything about (content or zeros), and what lies behind the end of one of them, or of the
     * base itself. Never too little, as long as the base was not written since. Callers ask window by window to bound
     * memory.
     *
     * @param base number of a file, the leaf being 0
     */
    public RangeSet changedSince(int base, Range window) throws IOException {
        Objects.checkIndex(base, layers.size());
        long end = Math.min(window.endOffset(), size());
        RangeSet changed = RangeSet.empty();
        for (int number = 0; number <= base && window.offset() < end; number++) {
            RangeSet.Builder held = new RangeSet.Builder();
            long layerEnd = Math.min(end, layers.get(number).size());
            for (long position = window.offset(); number < base && position < layerEnd; ) {
                Segment segment = map.layer(number).segment(position, layerEnd);
                if (segment.state() != PayloadState.NOT_PRESENT) {
                    held.add(position, segment.endOffset());
                }
                position = segment.endOffset();
            }
            if (layerEnd < end) {
                held.add(Math.max(layerEnd, window.offset()), end);
            }
            changed = changed.union(held.build());
        }
        return changed;
    }

    @Override
    public void close() throws IOException {
        close(layers);
    }

    /** Closes all of them, whatever happens. */
    static void close(List<VhdxLayer> layers) throws IOException {
        IOException failure = null;
        for (VhdxLayer layer : layers) {
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
