package io.varve.adapters.vhdx;

import io.varve.adapters.chain.MissingParentException;
import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.file.ByteSources;
import io.varve.adapters.file.Reader;
import io.varve.adapters.file.UnsupportedImageException;
import io.varve.adapters.file.WindowsGuid;
import io.varve.adapters.vhdx.VhdxAddressMap.Segment;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.DiskImage;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.store.CorruptDataException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
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
 * <p>Threading: as {@link DiskImage}. Heap: 4.3 MiB of tables at most for up to 64 files, 68 KiB per file beyond; while
 * opening one bit per MiB of one file besides. Every file of the chain stays open.
 */
public final class VhdxChain implements DiskImage {
    /** Most files of a chain; other readers draw the line there too. */
    static final int DEEPEST = 256;

    /** Pages of tables kept for the whole chain. */
    private static final int SLOTS = 64;

    /** The leaf first. */
    private final List<VhdxLayer> layers;

    private final List<VhdxAddressMap> maps = new ArrayList<>();

    /** @param layers the leaf first, at least one; owned from now on */
    VhdxChain(List<VhdxLayer> layers) {
        this.layers = List.copyOf(layers);
        int slots = Math.max(1, SLOTS / layers.size());
        for (VhdxLayer layer : layers) {
            maps.add(layer.addressMap(slots));
        }
    }

    /**
     * Opens {@code leaf} and the parents it leads to; the caller closes the chain.
     *
     * @throws MissingParentException when a parent is not found, or only wrong ones are; names all that was tried
     * @throws CorruptDataException when a file is no VHDX or is damaged, or the chain leads back into itself
     * @throws UnsupportedImageException when a file is one that is not read here
     */
    public static VhdxChain open(Path leaf, Reader reader, ParentSearch search) throws IOException {
        ByteSource source = ByteSources.open(leaf, reader);
        try {
            return open(source, leaf, reader, search);
        } catch (IOException | RuntimeException e) {
            source.close();
            throw e;
        }
    }

    /**
     * As {@link #open(Path, Reader, ParentSearch)} with {@code leaf} open already. Takes {@code source} over: closing
     * the chain closes it. It stays the caller's when this fails.
     */
    public static VhdxChain open(ByteSource source, Path leaf, Reader reader, ParentSearch search) throws IOException {
        return new VhdxChain(ChainOpening.run(source, leaf, reader, search));
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

    VhdxAddressMap map(int number) {
        return maps.get(number);
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
                } else if (segment.state() == PayloadState.NOT_PRESENT) {
                    read(number + 1, position, target);
                } else {
                    Zeros.fill(target);
                }
                position += segment.length();
            }
        }
        Zeros.fill(target.limit(limit));
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
        allocated(0, window.offset(), Math.min(window.endOffset(), size()), allocated);
        return allocated.build();
    }

    private void allocated(int number, long offset, long endOffset, RangeSet.Builder allocated) throws IOException {
        if (number == layers.size()) {
            return;
        }
        VhdxLayer layer = layers.get(number);
        long end = Math.min(endOffset, layer.size());
        for (long position = offset; position < end; ) {
            Segment segment = maps.get(number).segment(position, end);
            if (segment.isPresent()) {
                long shift = segment.virtualOffset() - segment.fileOffset();
                for (Range data : layer.source().dataRanges(new Range(segment.fileOffset(), segment.length()))) {
                    allocated.add(data.offset() + shift, data.endOffset() + shift);
                }
            } else if (segment.state() == PayloadState.NOT_PRESENT) {
                allocated(number + 1, position, position + segment.length(), allocated);
            }
            position += segment.length();
        }
    }

    /**
     * Where in {@code window} this disk may differ from the one that ends with the file whose DataWriteGuid is
     * {@code base}: whatever the files above it say anything about (content or zeros), and what lies behind the end of
     * one of them, or of the base itself. Never too little, as long as the base was not written since; its
     * DataWriteGuid proves that only if the file had been closed when the base was read, as a checkpoint's parent is.
     * Callers ask window by window to bound memory.
     *
     * @return empty when no file of the chain has that DataWriteGuid
     */
    public Optional<RangeSet> changedSince(UUID base, Range window) throws IOException {
        int below = dataWriteGuids().lastIndexOf(base);
        if (below < 0) {
            return Optional.empty();
        }
        long end = Math.min(window.endOffset(), size());
        RangeSet changed = RangeSet.empty();
        for (int number = 0; number <= below && window.offset() < end; number++) {
            RangeSet.Builder held = new RangeSet.Builder();
            long layerEnd = Math.min(end, layers.get(number).size());
            for (long position = window.offset(); number < below && position < layerEnd; ) {
                Segment segment = maps.get(number).segment(position, layerEnd);
                if (segment.state() != PayloadState.NOT_PRESENT) {
                    held.add(position, position + segment.length());
                }
                position += segment.length();
            }
            if (layerEnd < end) {
                held.add(Math.max(layerEnd, window.offset()), end);
            }
            changed = changed.union(held.build());
        }
        return Optional.of(changed);
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
