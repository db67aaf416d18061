package io.varve.adapters.file;

import io.varve.engine.port.ByteSource;
import java.io.IOException;
import java.nio.file.Path;

/** Opens a file or block device of this host for reading. */
public final class ByteSources {
    private ByteSources() {}

    /**
     * Opens {@code file} read-only and watches it for changes. The caller closes the source.
     *
     * @throws java.nio.file.NoSuchFileException when there is no such file
     * @throws IOException if it cannot be opened, or is neither a regular file nor a block device of known size
     */
    public static ByteSource open(Path file, Reader reader) throws IOException {
        SourceWatch watch = SourceWatch.begin(file);
        try {
            return new WatchedSource(opened(file, reader), watch, BlockDevice.sectorSizes(file));
        } catch (IOException | RuntimeException e) {
            watch.close();
            throw e;
        }
    }

    private static ByteSource opened(Path file, Reader reader) throws IOException {
        return switch (reader) {
            case MAPPED -> MappedByteSource.open(file);
            case UNCACHED -> UncachedByteSource.open(file);
            case DIRECT -> DirectByteSource.open(file);
            case AUTO -> UncachedByteSource.openAdaptive(file);
        };
    }
}
