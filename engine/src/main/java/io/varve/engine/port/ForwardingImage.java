package io.varve.engine.port;

import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A disk image that passes every call on to another one; subclasses replace what differs. It forwards the default
 * methods of {@link DiskImage} too, which a hand-written wrapper easily leaves out. Threading as {@link DiskImage}.
 */
public abstract class ForwardingImage implements DiskImage {
    private final DiskImage image;

    /** @param image closed with this */
    protected ForwardingImage(DiskImage image) {
        this.image = image;
    }

    @Override
    public long size() {
        return image.size();
    }

    @Override
    public int logicalSectorSize() {
        return image.logicalSectorSize();
    }

    @Override
    public int physicalSectorSize() {
        return image.physicalSectorSize();
    }

    @Override
    public Optional<UUID> guid() {
        return image.guid();
    }

    @Override
    public String format() {
        return image.format();
    }

    @Override
    public String location() {
        return image.location();
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
        image.read(offset, target);
    }

    @Override
    public RangeSet allocated(Range window) throws IOException {
        return image.allocated(window);
    }

    @Override
    public void checkUnchanged() throws IOException {
        image.checkUnchanged();
    }

    @Override
    public Optional<String> unclean() {
        return image.unclean();
    }

    @Override
    public List<Disturbance> disturbances() throws IOException {
        return image.disturbances();
    }

    @Override
    public void close() throws IOException {
        image.close();
    }
}
