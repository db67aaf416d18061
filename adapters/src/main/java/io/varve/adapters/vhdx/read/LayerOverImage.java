package io.varve.adapters.vhdx.read;

import io.varve.adapters.chain.LayeredDisk;
import io.varve.adapters.chain.Zeros;
import io.varve.adapters.file.UnsupportedImageException;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.Disturbance;
import io.varve.engine.port.WindowsGuid;
import io.varve.engine.range.CoarseRanges;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * A differencing VHDX whose parent is an image, not a file. What the VHDX holds is read from it, the rest from the
 * image. The parent named in the file is ignored: the caller supplies the right one.
 *
 * <p>Threading: as {@link DiskImage}. Memory: as {@link VhdxChain}.
 */
public final class LayerOverImage implements DiskImage {
    /** 4 MiB of heap; beyond that, neighbouring ranges are joined. */
    private static final int MOST_RANGES = 1 << 18;

    private static final long WINDOW = 1L << 30;

    private final VhdxChain layer;
    private final DiskImage below;

    private LayerOverImage(VhdxChain layer, DiskImage below) {
        this.layer = layer;
        this.below = below;
    }

    /**
     * Opens the file.
     *
     * @param source taken over: closed with the image. If this fails, the caller still has to close it
     * @param below what the file was made against; closed with the image, and not at all if this fails
     * @throws UnsupportedImageException if the file is no differencing disk
     * @throws IOException if it is of another size than {@code below}
     */
    public static LayerOverImage open(ByteSource source, DiskImage below) throws IOException {
        VhdxLayer file = VhdxLayer.open(source);
        if (!file.parameters().hasParent()) {
            throw new UnsupportedImageException(
                    source.location() + ": expected a differencing disk, found a whole one");
        }
        if (file.size() != below.size()) {
            throw new IOException(source.location() + ": a disk of " + file.size() + " bytes, made against one of "
                    + below.size() + " bytes (" + below.location() + ")");
        }
        return new LayerOverImage(new VhdxChain(List.of(file)), below);
    }

    /** Whether a VHDX is a differencing disk, whose other content is elsewhere. */
    public static boolean isDifference(ByteSource source) throws IOException {
        return VhdxLayer.open(source).parameters().hasParent();
    }

    /** The Virtual Disk ID of a VHDX; empty where it has none. */
    public static Optional<UUID> id(ByteSource source) throws IOException {
        return Optional.of(VhdxLayer.open(source).parameters().id()).filter(id -> !id.equals(WindowsGuid.NIL));
    }

    /**
     * The ranges that the file holds, as data or as zeros. If there are very many, neighbouring ranges are joined, so
     * some others are included.
     */
    public RangeSet held() throws IOException {
        CoarseRanges held = new CoarseRanges(MOST_RANGES);
        for (long offset = 0; offset < size(); offset += WINDOW) {
            walk(offset, Math.min(offset + WINDOW, size()), new Visitor() {
                @Override
                public void extent(int number, Segment segment) {
                    held.add(segment.virtualOffset(), segment.endOffset());
                }

                @Override
                public void nothing(long virtualOffset, long length) {}
            });
        }
        return held.build();
    }

    private interface Visitor extends LayeredDisk.Visitor<Segment> {}

    private void walk(long offset, long end, Visitor visitor) throws IOException {
        layer.addressMap().disk().walk(offset, end, visitor);
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
        Objects.checkFromIndexSize(offset, (long) target.remaining(), size());
        int limit = target.limit();
        try {
            walk(offset, offset + target.remaining(), new Visitor() {
                @Override
                public void extent(int number, Segment segment) throws IOException {
                    target.limit(target.position() + (int) segment.length());
                    if (segment.isPresent()) {
                        layer.read(segment.virtualOffset(), target);
                    } else {
                        Zeros.fill(target);
                    }
                }

                @Override
                public void nothing(long virtualOffset, long length) throws IOException {
                    target.limit(target.position() + (int) length);
                    below.read(virtualOffset, target);
                }
            });
        } finally {
            target.limit(limit);
        }
    }

    @Override
    public RangeSet allocated(Range window) throws IOException {
        RangeSet.Builder allocated = new RangeSet.Builder();
        long end = Math.min(window.endOffset(), size());
        if (window.offset() < end) {
            walk(window.offset(), end, new Visitor() {
                @Override
                public void extent(int number, Segment segment) {
                    if (segment.isPresent()) {
                        allocated.add(segment.virtualOffset(), segment.endOffset());
                    }
                }

                @Override
                public void nothing(long virtualOffset, long length) throws IOException {
                    for (Range range : below.allocated(new Range(virtualOffset, length))) {
                        allocated.add(range.offset(), range.endOffset());
                    }
                }
            });
        }
        return allocated.build();
    }

    @Override
    public long size() {
        return layer.size();
    }

    @Override
    public int logicalSectorSize() {
        return layer.logicalSectorSize();
    }

    @Override
    public int physicalSectorSize() {
        return layer.physicalSectorSize();
    }

    @Override
    public Optional<UUID> guid() {
        return layer.guid();
    }

    @Override
    public String format() {
        return layer.format();
    }

    @Override
    public String location() {
        return layer.location();
    }

    @Override
    public void checkUnchanged() throws IOException {
        layer.checkUnchanged();
    }

    @Override
    public Optional<String> unclean() {
        return layer.unclean();
    }

    @Override
    public List<Disturbance> disturbances() throws IOException {
        return layer.disturbances();
    }

    @Override
    public void close() throws IOException {
        LayeredDisk.closeAll(List.of(layer, below));
    }
}
