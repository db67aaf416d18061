package io.varve.adapters.chain;

import io.varve.engine.port.ByteSource;
import io.varve.engine.port.Disturbance;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.store.fault.CorruptDataException;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The files of a chain as one disk, in any format. A part that a file leaves to its parent is read from the parent.
 * Past the end of a parent that is smaller than its child, and where the last file has nothing, there are zeros.
 *
 * <p>Threading: any number of threads may call it at once; {@code close} must not race with them. Memory: that of the
 * layers.
 *
 * @param <E> how the format's extents are described
 */
public final class LayeredDisk<E extends Extent> implements Closeable {
    /** The leaf first. */
    private final List<? extends Layer<E>> layers;

    /**
     * One file of a chain.
     *
     * @param <E> how its extents are described
     */
    public interface Layer<E extends Extent> {
        /** The file. Closing the disk closes it. */
        ByteSource source();

        /** Size of the disk according to this file, in bytes. */
        long size();

        /**
         * Returns the extent that begins at {@code virtualOffset} and ends at or before {@code endOffset}. Thread-safe.
         *
         * @param endOffset greater than {@code virtualOffset}, at most {@link #size()}
         */
        E extent(long virtualOffset, long endOffset) throws IOException;
    }

    /**
     * Receives the extents of a disk one by one.
     *
     * @param <E> how they are described
     */
    public interface Visitor<E extends Extent> {
        /** @param layer number of the file that has the extent, 0 for the leaf */
        void extent(int layer, E extent) throws IOException;

        /** Called for a part that no file has, which is zeros. */
        void nothing(long virtualOffset, long length) throws IOException;
    }

    /** @param layers the leaf first, at least one; the disk takes ownership of their files */
    public LayeredDisk(List<? extends Layer<E>> layers) {
        this.layers = List.copyOf(layers);
    }

    /** Size of the disk in bytes, which is that of the leaf. */
    public long size() {
        return layers.get(0).size();
    }

    public List<? extends Layer<E>> layers() {
        return layers;
    }

    /** Locations of the files for messages, the leaf first. */
    public List<String> locations() {
        return layers.stream().map(layer -> layer.source().location()).toList();
    }

    /** Disturbances of all files. */
    public List<Disturbance> disturbances() throws IOException {
        List<Disturbance> found = new ArrayList<>();
        for (Layer<E> layer : layers) {
            found.addAll(layer.source().disturbances());
        }
        return found;
    }

    /**
     * Visits the pieces of {@code [offset, end)} in order and without gaps. Adjacent pieces are not joined. The range
     * must lie inside the disk.
     */
    public void walk(long offset, long end, Visitor<E> visitor) throws IOException {
        walk(0, offset, end, visitor);
    }

    private void walk(int number, long offset, long end, Visitor<E> visitor) throws IOException {
        long there = number < layers.size() ? Math.min(end, layers.get(number).size()) : offset;
        for (long position = offset; position < there; ) {
            E extent = layers.get(number).extent(position, there);
            if (extent.isParents()) {
                walk(number + 1, position, extent.endOffset(), visitor);
            } else {
                visitor.extent(number, extent);
            }
            position = extent.endOffset();
        }
        long rest = Math.max(offset, there);
        if (rest < end) {
            visitor.nothing(rest, end - rest);
        }
    }

    /** Fills {@code target} from position to limit; as {@link io.varve.engine.port.DiskImage#read}. */
    public void read(long offset, ByteBuffer target) throws IOException {
        Objects.checkFromIndexSize(offset, (long) target.remaining(), size());
        int limit = target.limit();
        try {
            walk(offset, offset + target.remaining(), new Visitor<>() {
                @Override
                public void extent(int layer, E extent) throws IOException {
                    target.limit(target.position() + (int) extent.length());
                    if (extent.isPresent()) {
                        readPresent(layers.get(layer).source(), extent, target);
                    } else {
                        Zeros.fill(target);
                    }
                }

                @Override
                public void nothing(long virtualOffset, long length) {
                    Zeros.fill(target.limit(target.position() + (int) length));
                }
            });
        } finally {
            target.limit(limit);
        }
    }

    private static void readPresent(ByteSource source, Extent extent, ByteBuffer target) throws IOException {
        try {
            source.read(extent.fileOffset(), target);
        } catch (EOFException e) {
            throw new CorruptDataException(
                    source.location(),
                    extent.fileOffset(),
                    "the content of virtual range [" + extent.virtualOffset() + ", " + extent.endOffset() + ")",
                    "a file that was cut off after it was opened");
        }
    }

    /**
     * Returns the parts that some file holds and no file above it hides, without the holes of sparse files, so that a
     * sparse copy costs no more than its data. O(blocks of the window) per file, plus one call to the file system per
     * piece.
     */
    public RangeSet allocated(Range window) throws IOException {
        RangeSet.Builder allocated = new RangeSet.Builder();
        long end = Math.min(window.endOffset(), size());
        if (window.offset() < end) {
            walk(window.offset(), end, new Visitor<>() {
                @Override
                public void extent(int layer, E extent) throws IOException {
                    if (extent.isPresent()) {
                        Range inFile = new Range(extent.fileOffset(), extent.length());
                        long shift = extent.virtualOffset() - extent.fileOffset();
                        for (Range data : layers.get(layer).source().dataRanges(inFile)) {
                            allocated.add(data.offset() + shift, data.endOffset() + shift);
                        }
                    }
                }

                @Override
                public void nothing(long virtualOffset, long length) {}
            });
        }
        return allocated.build();
    }

    /**
     * Returns where in {@code window} this disk may differ from the disk whose leaf is file {@code base}: every part
     * that a file above the base holds as data or zeros, and every part past the end of one of them or of the base. It
     * never omits a difference, provided that the base was not written to since. Callers proceed window by window to
     * bound memory.
     *
     * @param base number of a file, 0 for the leaf
     */
    public RangeSet changedSince(int base, Range window) throws IOException {
        Objects.checkIndex(base, layers.size());
        long end = Math.min(window.endOffset(), size());
        RangeSet changed = RangeSet.empty();
        for (int number = 0; number <= base && window.offset() < end; number++) {
            RangeSet.Builder held = new RangeSet.Builder();
            long layerEnd = Math.min(end, layers.get(number).size());
            for (long position = window.offset(); number < base && position < layerEnd; ) {
                E extent = layers.get(number).extent(position, layerEnd);
                if (!extent.isParents()) {
                    held.add(position, extent.endOffset());
                }
                position = extent.endOffset();
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
        closeAll(layers.stream().map(Layer::source).toList());
    }

    /** Closes all files, even if some fail. Throws the first failure, with the others suppressed in it. */
    public static void closeAll(List<? extends Closeable> files) throws IOException {
        IOException failure = null;
        for (Closeable file : files) {
            try {
                file.close();
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
