package io.varve.engine.source;

import io.varve.engine.port.DiskImage;
import io.varve.engine.port.Disturbance;
import io.varve.engine.port.SourceException;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * Wraps a disk image so that every failure is a {@link SourceException} that names the image. Properties that do not
 * change while it is open are queried once, at the beginning. Threading as {@link DiskImage}.
 */
public final class GuardedImage implements DiskImage {
    private final DiskImage image;
    private final String location;
    private final long size;
    private final int logicalSectorSize;
    private final int physicalSectorSize;
    private final Optional<UUID> guid;
    private final String format;
    private final Optional<String> unclean;

    /** @param image closed together with this one */
    public GuardedImage(DiskImage image) throws SourceException {
        this.image = Objects.requireNonNull(image);
        this.location = SourceCall.require("a disk", image::location);
        this.size = SourceCall.get(location, image::size);
        this.logicalSectorSize = SourceCall.get(location, image::logicalSectorSize);
        this.physicalSectorSize = SourceCall.get(location, image::physicalSectorSize);
        this.guid = SourceCall.require(location, image::guid);
        this.format = SourceCall.require(location, image::format);
        this.unclean = SourceCall.require(location, image::unclean);
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public int logicalSectorSize() {
        return logicalSectorSize;
    }

    @Override
    public int physicalSectorSize() {
        return physicalSectorSize;
    }

    @Override
    public Optional<UUID> guid() {
        return guid;
    }

    @Override
    public String format() {
        return format;
    }

    @Override
    public String location() {
        return location;
    }

    @Override
    public void read(long offset, ByteBuffer target) throws SourceException {
        int length = target.remaining();
        Objects.checkFromIndexSize(offset, length, size); // an error of the caller, not of the source
        String where = location + ": cannot read " + length + " bytes at " + offset + " of the disk";
        SourceCall.run(where, () -> image.read(offset, target));
        if (target.hasRemaining()) {
            throw new SourceException(
                    where + ": expected all of them, found the last " + target.remaining() + " missing");
        }
    }

    @Override
    public RangeSet allocated(Range window) throws SourceException {
        return SourceCall.require(location, () -> image.allocated(window));
    }

    @Override
    public Optional<String> unclean() {
        return unclean;
    }

    @Override
    public void checkUnchanged() throws SourceException {
        SourceCall.run(location, image::checkUnchanged);
    }

    @Override
    public List<Disturbance> disturbances() throws SourceException {
        return SourceCall.require(location, image::disturbances);
    }

    @Override
    public void close() throws SourceException {
        SourceCall.run(location, image::close);
    }
}
