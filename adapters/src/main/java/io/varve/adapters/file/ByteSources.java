package io.varve.adapters.file;

import io.varve.engine.port.ByteSource;
import java.io.IOException;
import java.nio.file.Path;

/** Opens a file or block device of this host for reading, by the path the operator chose. */
public final class ByteSources {
    private ByteSources() {}

    /**
     * Opens {@code file} read-only; the caller closes the source.
     *
     * @throws java.nio.file.NoSuchFileException when there is no such file
     * @throws IOException when it cannot be opened, or is neither a regular file nor a block device whose size is known
     */
    public static ByteSource open(Path file, Reader reader) throws IOException {
        return switch (reader) {
            case MAPPED -> MappedByteSource.open(file);
            case UNCACHED -> UncachedByteSource.open(file);
            case DIRECT -> DirectByteSource.open(file);
            case AUTO -> UncachedByteSource.openAdaptive(file);
        };
    }
}
