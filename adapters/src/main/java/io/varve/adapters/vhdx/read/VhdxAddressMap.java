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
 * Translates addresses of a virtual disk into addresses of the files of its chain and back. A change list names places
 * in the disk; this says in which file they are and where. What a file of the chain does not hold is looked for in its
 * parent; behind the end of a parent that is smaller than its child, and where a file calls a block zero, undefined or
 * unmapped, nothing is looked for any further.
 *
 * <p>The two directions are inverses: a part of a file belongs to the part of the disk whose segment lies there, and to
 * none if the disk does not show it, because it is unused, a table, or hidden by a file above.
 *
 * <p>Threading: any number of threads may ask at once. Memory: what {@link VhdxChain} says, and per file that was asked
 * about backwards 4 bytes per MiB of it, 64 MiB at most. Usable as long as the chain is open.
 */
public final class VhdxAddressMap {
    private final List<VhdxLayer> layers;
    private final List<LayerMap> maps = new ArrayList<>();
    private final LayeredDisk<Segment> disk;

    /** Made when a file is asked about for the first time. */
    private final PlaceIndex[] places;

    VhdxAddressMap(List<VhdxLayer> layers, int slotsPerLayer) {
        this.layers = layers;
        this.places = new PlaceIndex[layers.size()];
        for (int number = 0; number < layers.size(); number++) {
            maps.add(layers.get(number).map(number, slotsPerLayer));
        }
        this.disk = new LayeredDisk<>(maps);
    }

    /** Is given segments one by one. */
    @FunctionalInterface
    public interface Visitor {
        void segment(Segment segment) throws IOException;
    }

    public LayeredDisk<Segment> disk() {
        return disk;
    }

    /**
     * Gives {@code visitor} the segments that {@code virtualRange}, clipped to the disk, consists of: in order, without
     * gaps, each as long as it can be. O(1) per block and file, and per run of sectors of a partially present block.
     */
    public void segments(Range virtualRange, Visitor visitor) throws IOException {
        long end = Math.min(virtualRange.endOffset(), layers.get(0).size());
        Joining joining = new Joining(visitor);
        if (virtualRange.offset() < end) {
            disk.walk(virtualRange.offset(), end, joining);
        }
        joining.finish();
    }

    /** As {@link #segments(Range, Visitor)}, in a list: for ranges known to be small. */
    public List<Segment> segments(Range virtualRange) throws IOException {
        List<Segment> segments = new ArrayList<>();
        segments(virtualRange, segments::add);
        return segments;
    }

    /**
     * The other direction: gives {@code visitor} what of the disk lies inside {@code fileRange} of one file, in the
     * order of the file. O(1) per MiB of the range, and per segment found.
     *
     * @param layer number of the file, the leaf being 0
     * @throws IndexOutOfBoundsException when there is no such file
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

    /** As {@link #segmentsAt(int, Range, Visitor)}, in a list: for ranges known to be small. */
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

    /** Passes segments on, neighbours in disk and file as one. */
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
