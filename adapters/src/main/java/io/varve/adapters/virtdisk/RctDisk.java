package io.varve.adapters.virtdisk;

import io.varve.adapters.windows.NoAnswerException;
import io.varve.adapters.windows.Win32Exception;
import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.ForwardingImage;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A disk that is read through its format's own reader, and of which Windows is asked what changed. Closing it closes
 * both.
 */
public final class RctDisk extends ForwardingImage {
    private final DiskImage image;
    private final DiskImage read;
    private final VirtualDisk asked;
    private final RctTracker tracker;

    /** @param read what bytes come from: {@code image}, or the disk that Windows has attached */
    private RctDisk(DiskImage image, DiskImage read, VirtualDisk asked, RctTracker tracker) {
        super(image);
        this.image = image;
        this.read = read;
        this.asked = asked;
        this.tracker = tracker;
    }

    /**
     * Opens the disk for asking, over an image of the same file.
     *
     * @param image closed with this, and not at all when this fails
     * @param warnings told when Windows reads something else than our own reader; then Windows reads
     * @param notices told when Windows cannot be asked for a second opinion
     * @throws IOException when Windows cannot open it, or takes it for another disk than the reader does
     */
    public static RctDisk over(
            DiskImage image, Path file, Virtdisk virtdisk, Consumer<String> warnings, Consumer<String> notices)
            throws IOException {
        VirtualDisk asked = virtdisk.openToAsk(file);
        try {
            Optional<UUID> id = image.guid();
            if (id.isPresent() && !id.get().equals(asked.identity())) {
                throw new IOException(
                        file + ": Windows says that it is disk " + asked.identity() + ", the file says " + id.get());
            }
            RctTracker tracker = RctTracker.of(asked, image.size());
            return new RctDisk(image, reader(image, asked, warnings, notices), asked, tracker);
        } catch (IOException | RuntimeException e) {
            try {
                asked.close();
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    /** Our own reader, once Windows has read the same in some places. */
    private static DiskImage reader(
            DiskImage image, VirtualDisk asked, Consumer<String> warnings, Consumer<String> notices)
            throws IOException {
        AttachedDisk attached;
        try {
            attached = asked.attach(notices);
        } catch (Win32Exception | NoAnswerException | FileSystemException e) {
            notices.accept("not compared with what Windows reads: " + e.getMessage());
            return image;
        }
        OptionalLong different;
        try {
            different = SecondOpinion.firstDifference(image, attached);
        } catch (IOException | RuntimeException e) {
            attached.close();
            throw e;
        }
        if (different.isPresent()) {
            warnings.accept("disk " + image.location() + ": at offset " + different.getAsLong()
                    + " Windows reads other bytes than Varve's own reader; read through Windows. Please report this");
            return attached;
        }
        attached.close();
        try {
            asked.detach();
        } catch (Win32Exception | NoAnswerException e) {
            notices.accept(e.getMessage() + ". It is read all the same, and detached when it is closed");
        }
        return image;
    }

    /** Why the next change list cannot start from tonight; empty if it can. */
    public Optional<String> untracked() {
        return tracker.untracked();
    }

    /** What changed on it. */
    public ChangeTracker tracker() {
        return tracker;
    }

    @Override
    public String format() {
        return read.format();
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
        read.read(offset, target);
    }

    @Override
    public RangeSet allocated(Range window) throws IOException {
        return read.allocated(window);
    }

    @Override
    public void close() throws IOException {
        try (image;
                asked) {
            if (read != image) {
                read.close();
            }
        }
    }
}
