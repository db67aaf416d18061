package io.varve.adapters.vhdx.read;

import io.varve.adapters.chain.LayeredDisk;
import io.varve.adapters.vhdx.format.BlockGeometry;
import io.varve.adapters.vhdx.format.PayloadState;
import io.varve.adapters.vhdx.format.VhdxFormat;
import io.varve.engine.range.Range;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Translates addresses of a virtual disk into addresses of the files of its chain, and back. A change list names places
 * on the disk; this finds which file they are in, and where. What a file of the chain does not contain is looked for in
 * its parent. Nothing further is looked for beyond the end of a parent that is smaller than its child, or where a file
 * calls a block zero, undefined or unmapped.
 *
 * <p>The two directions are inverses. A part of a file belongs to the part of the disk whose segment is there. It
 * belongs to none if the disk does not show it, because it is unused, is a table, or is hidden by a file above.
 *
 * <p>Threading: any number of threads. Memory: as {@link VhdxChain}; and for each file asked about in the reverse
 * direction 4 bytes per MiB of the file, at most 64 MiB. Usable while the chain is open.
 */
public final class VhdxAddressMap {
    private final List<VhdxLayer> layers;
    private final List<LayerMap> maps = new ArrayList<>();
    private final LayeredDisk<Segment> disk;

    /** Created when a file is asked about for the first time. */
    private final PlaceIndex[] places;

    VhdxAddressMap(List<VhdxLayer> layers, int slotsPerLayer) {
        this.layers = layers;
        this.places = new PlaceIndex[layers.size()];
        for (int number = 0; number < layers.size(); number++) {
            maps.add(layers.get(number).map(number, slotsPerLayer));
        }
        this.disk = new LayeredDisk<>(maps);
    }

    /** Receives segments one by one. */
    @FunctionalInterface
    public interface Visitor {
        void segment(Segment segment) throws IOException;
    }

    public LayeredDisk<Segment> disk() {
        return disk;
    }

    /**
     * Calls {@code visitor} with the segments of {@code virtualRange}, clipped to the disk: in order, without gaps,
     * each as long as possible. Takes O(1) per block and file, and per run of sectors in a partially present block.
     */
    public void segments(Range virtualRange, Visitor visitor) throws IOException {
        long end = Math.min(virtualRange.endOffset(), layers.get(0).size());
        Joining joining = new Joining(visitor);
        if (virtualRange.offset() < end) {
            disk.walk(virtualRange.offset(), end, joining);
        }
        joining.finish();
    }

    /** As {@link #segments(Range, Visitor)}, as a list. For ranges known to be small. */
    public List<Segment> segments(Range virtualRange) throws IOException {
        List<Segment> segments = new ArrayList<>();
        segments(virtualRange, segments::add);
        return segments;
    }

    /**
     * The reverse direction: calls {@code visitor} with the parts of the disk that are in {@code fileRange} of one
     * file, in the order of the file. Takes O(1) per MiB of the range and per segment found.
     *
     * @param layer number of the file; the leaf is 0
     * @throws IndexOutOfBoundsException if there is no such file
     */
    public void segmentsAt(int layer, Range fileRange, Visitor visitor) throws IOException {
        PlaceIndex index = places(layer);
        BlockGeometry geometry = maps.get(layer).geometry();
        long diskSize = layers.get(0).size();
        long end = Math.min(fileRange.endOffset(), layers.get(layer).source().size());
        Visitor fromThere = segment -> {
            if (segment.layer() == layer && segment.isPresent()) {
                visitor.segment(segment);
            }
        };
        Joining joining = new Joining(fromThere);
        for (long position = fileRange.offset(); position < end; ) {
            long next = (position / VhdxFormat.MIB + 1) * VhdxFormat.MIB;
            long block = index.blockAt(position);
            if (block >= 0) {
                long place = maps.get(layer).placeOf(block);
                next = place + geometry.blockSize();
                long shift = geometry.virtualOffset(block) - place;
                long virtualEnd = Math.min(
                        Math.min(next, end) + shift,
                        Math.min(diskSize, geometry.virtualOffset(block) + geometry.lengthInDisk(block)));
                if (position + shift < virtualEnd) {
                    disk.walk(position + shift, virtualEnd, joining);
                }
            }
            position = next;
        }
        joining.finish();
    }

    /** As {@link #segmentsAt(int, Range, Visitor)}, as a list. For ranges known to be small. */
    public List<Segment> segmentsAt(int layer, Range fileRange) throws IOException {
        List<Segment> segments = new ArrayList<>();
        segmentsAt(layer, fileRange, segments::add);
        return segments;
    }

    private PlaceIndex places(int layer) {
        synchronized (places) {
            if (places[layer] == null) {
                places[layer] = new PlaceIndex(
                        layers.get(layer).source(), layers.get(layer).rules());
            }
            return places[layer];
        }
    }

    /** Passes segments on; segments that are adjacent on the disk and in the file become one. */
    private static final class Joining implements LayeredDisk.Visitor<Segment> {
        private final Visitor visitor;
        private Segment last;

        Joining(Visitor visitor) {
            this.visitor = visitor;
        }

        @Override
        public void nothing(long offset, long length) throws IOException {
            extent(
                    Segment.NOWHERE,
                    new Segment(offset, length, PayloadState.NOT_PRESENT, Segment.NOWHERE, Segment.NOWHERE));
        }

        @Override
        public void extent(int layer, Segment segment) throws IOException {
            if (last != null && last.joins(segment)) {
                last = last.joined(segment);
            } else {
                finish();
                last = segment;
            }
        }

        void finish() throws IOException {
            if (last != null) {
                visitor.segment(last);
                last = null;
            }
        }
    }
}
