package io.varve.bench;

import io.varve.adapters.file.ByteSources;
import io.varve.adapters.file.Reader;
import io.varve.engine.port.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The ways of a file's bytes into memory that are compared. Public for JMH's generated code. */
public enum ReaderPath {
    /** Varve's own, {@code --reader direct}: a file channel into a direct buffer, through the page cache. */
    DIRECT,
    /** Varve's own, {@code --reader mapped}. */
    MAPPED,
    /** {@code O_DIRECT}, past the page cache. Varve has no such reader; this is what it would come to. */
    O_DIRECT;

    ByteSource open(Path file) throws IOException {
        return switch (this) {
            case DIRECT -> ByteSources.open(file, Reader.DIRECT);
            case MAPPED -> ByteSources.open(file, Reader.MAPPED);
            case O_DIRECT -> UncachedSource.open(file);
        };
    }

    /** A buffer that all of them can read into. */
    static ByteBuffer newBuffer(int size) {
        return ByteBuffer.allocateDirect(size + UncachedSource.ALIGNMENT)
                .alignedSlice(UncachedSource.ALIGNMENT)
                .slice(0, size);
    }
}
