package io.varve.adapters.vss;

import io.varve.engine.port.DiskImage;
import io.varve.engine.port.Disturbance;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.store.fault.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A disk in a shadow copy. When the shadow copy's storage overflows, Windows deletes the copy, so what was read is void
 * if the copy is gone after the last read.
 */
final class ShadowDisk implements DiskImage {
    private final DiskImage image;
    private final Guard guard;

    /** Says whether the shadow copies are still there. For any number of threads. */
    @FunctionalInterface
    interface Guard {
        /** @throws IOException when they are gone, or it is unknown */
        void checkIntact() throws IOException;
    }

    /** @param image closed with this */
    ShadowDisk(DiskImage image, Guard guard) {
        this.image = image;
        this.guard = guard;
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
        try {
            image.read(offset, target);
        } catch (IOException e) {
            throw new IOException(
                    Reason.of(e) + ". If the storage of the shadow copy overflowed, give the volume more (vssadmin"
                            + " resize shadowstorage)",
                    e);
        }
    }

    @Override
    public void checkUnchanged() throws IOException {
        image.checkUnchanged();
        guard.checkIntact();
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
    public RangeSet allocated(Range window) throws IOException {
        return image.allocated(window);
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
