package io.varve.adapters;

import io.varve.adapters.file.ByteSources;
import io.varve.adapters.file.Reader;
import io.varve.adapters.vhdx.read.LayerOverImage;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.ForwardingImage;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/** A differencing VHDX whose parent is no file, but content from elsewhere. */
public final class DiskDifference extends ForwardingImage {
    private final LayerOverImage image;

    private DiskDifference(LayerOverImage image) {
        super(image);
        this.image = image;
    }

    /**
     * Opens the file; the caller closes the image.
     *
     * @param below what the file was made against; closed with the image, and not at all if this fails
     * @throws IOException if it cannot be read, is no differencing VHDX, or is of another size than {@code below}
     */
    public static DiskDifference open(Path file, DiskImage below) throws IOException {
        ByteSource source = ByteSources.open(file, Reader.AUTO);
        try {
            return new DiskDifference(LayerOverImage.open(source, below));
        } catch (IOException | RuntimeException e) {
            try {
                source.close();
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    /** Whether a VHDX is a differencing disk, whose other content is elsewhere. */
    public static boolean isOne(Path file) throws IOException {
        try (ByteSource source = ByteSources.open(file, Reader.AUTO)) {
            return LayerOverImage.isDifference(source);
        }
    }

    /** The Virtual Disk ID of a VHDX, differencing or not; empty where it has none. */
    public static Optional<UUID> id(Path file) throws IOException {
        try (ByteSource source = ByteSources.open(file, Reader.AUTO)) {
            return LayerOverImage.id(source);
        }
    }

    /**
     * The ranges that the file holds, as data or as zeros. If there are very many, neighbouring ranges are joined, so
     * some others are included.
     */
    public RangeSet held() throws IOException {
        return image.held();
    }
}
