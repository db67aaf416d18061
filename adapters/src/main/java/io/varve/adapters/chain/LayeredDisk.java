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
 * The files of a chain as one disk, whatever their format. What a file leaves to its parent is looked for there; behind
 * the end of a parent that is smaller than its child, and where the last file says nothing, there are zeros.
 *
 * <p>Threading: any number of threads may ask and read at once; {@code close} must not race with them. Memory: what the
 * layers keep.
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
        /** The file; closing the disk closes it. */
        ByteSource source();

        /** Bytes of the disk as this file has it. */
        long size();

        /**
         * The extent that begins at {@code virtualOffset} and ends at or before {@code endOffset}. Thread-safe.
         *
         * @param endOffset greater than {@code virtualOffset}, at most {@link #size()}
         */
        E extent(long virtualOffset, long endOffset) throws IOException;
    }

    /**
     * Is given extents one by one.
     *
     * @param <E> how they are described
     */
    public interface Visitor<E extends Extent> {
        /** @param layer number of the file that says so, the leaf being 0; it is not left to the parent */
        void extent(int layer, E extent) throws IOException;

        /** A part that no file says anything of: it is zeros. */
        void nothing(long virtualOffset, long length) throws IOException;
    }

    /** @param layers the leaf first, at least one; their files are owned from now on */
    public LayeredDisk(List<? extends Layer<E>> layers) {
        this.layers = List.copyOf(layers);
    }

    /** Bytes of the disk: what the leaf says. */
    public long size() {
        return layers.get(0).size();
    }

    public List<? extends Layer<E>> layers() {
        return layers;
    }

    /** What operators call the files, the leaf first. */
    public List<String> locations() {
        return layers.stream().map(layer -> layer.source().location()).toList();
    }

    /** Of every file. */
    public List<Disturbance> disturbances() throws IOException {
        List<Disturbance> found = new ArrayList<>();
        for (Layer<E> layer : layers) {
            found.addAll(layer.source().disturbances());
        }
        return found;
    }

    /** Pieces of {@code [offset, end)}, which lies in the disk, in order and without gaps, not joined. */
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
     * What lies in a file and is not hidden by a file above it, without the holes the files themselves have there: a
     * file that was copied sparsely is as cheap to read as its data. O(blocks of the window) per file, and one question
     * to the file system per piece.
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

    /** Closes all of them, whatever happens; throws the first failure, with the others suppressed in it. */
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
