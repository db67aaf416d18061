package io.varve.adapters.virtdisk;

import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.Disturbance;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A disk that is read through its format's own reader, and of which Windows is asked what changed. Closing it closes
 * both.
 */
public final class RctDisk implements DiskImage {
    private final DiskImage image;
    private final VirtualDisk asked;
    private final RctTracker tracker;

    private RctDisk(DiskImage image, VirtualDisk asked, RctTracker tracker) {
        this.image = image;
        this.asked = asked;
        this.tracker = tracker;
    }

    /**
     * Opens the disk for asking, over an image of the same file.
     *
     * @param image closed with this, and not at all when this fails
     * @throws IOException when Windows cannot open it, or takes it for another disk than the reader does
     */
    public static RctDisk over(DiskImage image, Path file, Virtdisk virtdisk) throws IOException {
        VirtualDisk asked = virtdisk.openToAsk(file);
        try {
            Optional<UUID> id = image.guid();
            if (id.isPresent() && !id.get().equals(asked.diskId())) {
                throw new IOException(
                        file + ": Windows says that it is disk " + asked.diskId() + ", the file says " + id.get());
            }
            return new RctDisk(image, asked, RctTracker.of(asked, image.size()));
        } catch (IOException | RuntimeException e) {
            try {
                asked.close();
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    /** What changed on it. */
    public ChangeTracker tracker() {
        return tracker;
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
    public List<Disturbance> disturbances() throws IOException {
        return image.disturbances();
    }

    @Override
    public void close() throws IOException {
        try (image) {
            asked.close();
        }
    }
}
