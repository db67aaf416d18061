package io.varve.bench;

import io.varve.adapters.file.ByteSources;
import io.varve.adapters.file.Reader;
import io.varve.engine.port.ByteSource;
import io.varve.store.backend.AlignedBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The ways of a file's bytes into memory that are compared. Public for JMH's generated code. */
public enum ReaderPath {
    /** Varve's own, {@code --reader direct}: a file channel into a direct buffer, through the page cache. */
    DIRECT,
    /** Varve's own, {@code --reader mapped}. */
    MAPPED,
    /** Varve's own, {@code --reader uncached}: {@code O_DIRECT}, past the page cache. */
    UNCACHED;

    ByteSource open(Path file) throws IOException {
        return switch (this) {
            case DIRECT -> ByteSources.open(file, Reader.DIRECT);
            case MAPPED -> ByteSources.open(file, Reader.MAPPED);
            case UNCACHED -> ByteSources.open(file, Reader.UNCACHED);
        };
    }

    /** A buffer that all of them can read into. */
    static ByteBuffer newBuffer(int size) {
        return AlignedBuffer.allocate(size);
    }
}
